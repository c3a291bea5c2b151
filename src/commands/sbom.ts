import { DlintError } from '../errors.ts';
import { commandSpecs, type InvocationOf } from '../flags.ts';
import { growHeapSlowly } from '../heap-growth.ts';
import { openCache } from '../image-cache.ts';
import { openFlags } from '../image-flags.ts';
import { Scratch } from '../layers/scratch.ts';
import { checkLicensesOf, licenseOutputs, licensePolicyOf } from '../license-check.ts';
import { type Output, readOutputs, writeReport } from '../output.ts';
import { type Progress, startProgress } from '../progress.ts';
import { painter, visible } from '../report/style.ts';
import { createSbom } from '../sbom/create-sbom.ts';
import { type DirectoryReference, directoryReference, isFolder } from '../sbom/directory-reference.ts';
import type { DocumentOptions } from '../sbom/document.ts';
import { minimumElements, type Standard } from '../sbom/minimum-elements.ts';
import { parseParty } from '../sbom/party.ts';
import type { Sbom } from '../sbom/sbom.ts';
import { formatName, sbomRenderers } from '../sbom/writers/index.ts';
import { minimumElementsText } from '../sbom/writers/minimum-elements-text.ts';
import { didYouMean } from '../suggest.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

/** Images of more take memory that is worth collecting garbage more often; smaller ones are done before it matters. */
const MANY_ENTRIES = 20_000;

/** Writes the software bill of materials of an image. */
export async function sbom(invocation: InvocationOf<'sbom'>, terminal: Terminal): Promise<0 | 1> {
  const { args, flags } = invocation;
  const outputs = outputsOf(flags);
  checkStandardOutput(outputs, flags);
  const policy = await licensePolicyOf(flags);
  const progress = startProgress(
    directoryReference(args[0] as string) ? 'Reading' : 'Reading layers',
    flags.quiet === true,
    terminal,
  );
  const scratch = new Scratch();
  try {
    const untraced = await read(args[0] as string, flags, outputs, scratch, progress);
    progress.end();
    const found = await traced(untraced, flags.dockerfile);
    const options = documentOptions(flags);
    writeReport(found, outputs, sbomRenderers(options), terminal);
    // The table has them at its end.
    const isTold = outputs.some(({ format, file }) => format === 'table' && file === undefined);
    if (!flags.quiet && !isTold) warnOf(found, terminal);
    const missing = flags.check === undefined ? 0 : check(found, readStandard(flags.check), options, terminal);
    const refused = policy ? await checkLicensesOf(found, policy, invocation, terminal) : 0;
    return missing === 1 || refused === 1 ? 1 : 0;
  } finally {
    progress.end();
    scratch.dispose();
  }
}

/** The parser of Dockerfiles is loaded only when it is wanted. */
async function traced(found: Sbom, dockerfile: string | undefined): Promise<Sbom> {
  if (dockerfile === undefined) return found;
  const { traceSbom } = await import('../trace-sbom.ts');
  return traceSbom(found, dockerfile);
}

async function read(
  reference: string,
  flags: InvocationOf<'sbom'>['flags'],
  outputs: readonly Output[],
  scratch: Scratch,
  progress: Progress,
): Promise<Sbom> {
  const directory = directoryReference(reference);
  if (directory) return await readDirectory(directory, flags, progress);
  if (flags['exclude-dev']) throw notFor('--exclude-dev', reference, 'an image does not tell what is for development');
  const cache = openCache(flags['no-cache'] === true);
  return await createSbom(reference, {
    scratch,
    ...openFlags(flags),
    ...(cache && { cache }),
    ...(wantsHashes(outputs, flags) && { hashes: true }),
    ...(flags['all-layers'] === true && { allLayers: true }),
    onProgress: ({ done, total }) => progress.reportBytes(done, total),
    onScanned: (records) => {
      const entries = records.reduce((sum, record) => sum + record.entries.length, 0);
      if (entries > MANY_ENTRIES) growHeapSlowly();
    },
  });
}

/** Files are hashed only where that will be seen. */
function wantsHashes(outputs: readonly Output[], flags: InvocationOf<'sbom'>['flags']): boolean {
  if (flags['no-hashes']) return false;
  return flags.check === 'cisa' || outputs.some(({ format }) => /^(cyclonedx|spdx)/.test(format));
}

async function readDirectory(
  { path, kind }: DirectoryReference,
  flags: InvocationOf<'sbom'>['flags'],
  progress: Progress,
): Promise<Sbom> {
  for (const flag of ['platform', 'image', 'insecure', 'no-hashes', 'dockerfile', 'all-layers'] as const) {
    if (flags[flag] !== undefined) throw notFor(`--${flag}`, path, `${path} is a folder; leave it out`);
  }
  // Neither is needed for an image.
  const [{ createDirectorySbom }, { openGitIgnore }] = await Promise.all([
    import('../sbom/directory.ts'),
    import('../gitignore.ts'),
  ]);
  return createDirectorySbom(path, {
    ...(kind && { kind }),
    ...(isFolder(path) && { ignore: openGitIgnore(path) }),
    ...(flags['exclude-dev'] === true && { excludeDev: true }),
    onProgress: (done, total) => progress.report(done, total, 'files'),
  });
}

function notFor(flag: string, where: string, hint: string): DlintError {
  return new DlintError('E_USAGE', `${flag} has no meaning here`, { where: `dlint sbom ${where} ${flag}`, hint });
}

/** With `--check` standard output is for what is missing, and documents are for files. */
function outputsOf({ format, check }: InvocationOf<'sbom'>['flags']): readonly Output[] {
  if (check === undefined) return readOutputs(format?.map(nameHere), commandSpecs.sbom.formats);
  readStandard(check);
  if (format === undefined) return [];
  const outputs = readOutputs(format.map(nameHere), commandSpecs.sbom.formats);
  const printed = outputs.find(({ file }) => file === undefined);
  if (printed) {
    throw new DlintError('E_USAGE', 'with --check, a document goes to a file', {
      where: `--format ${printed.format}`,
      hint: `--format ${printed.format}=FILE`,
    });
  }
  return outputs;
}

/** Standard output is for one thing. */
function checkStandardOutput(outputs: readonly Output[], flags: InvocationOf<'sbom'>['flags']): void {
  const printed = licenseOutputs(flags)?.find(({ file }) => file === undefined);
  const other = flags.check === undefined ? outputs.find(({ file }) => file === undefined)?.format : '--check';
  if (!printed || other === undefined) return;
  throw new DlintError('E_USAGE', `both the findings about licences and ${other} are for standard output`, {
    where: `--license-report ${printed.format}`,
    hint: `--license-report ${printed.format}=FILE`,
  });
}

function readStandard(name: string): Standard {
  const standards = commandSpecs.sbom.flags.check.options;
  const found = standards.find((one) => one === name);
  if (found) return found;
  throw new DlintError('E_USAGE', `--check knows no ${name}`, {
    where: `--check ${name}`,
    hint: didYouMean(name, standards) ?? `one of ${standards.join(', ')}`,
  });
}

function check(found: Sbom, standard: Standard, options: DocumentOptions, terminal: Terminal): 0 | 1 {
  const results = minimumElements(standard, found, options);
  terminal.print(minimumElementsText(standard, results, terminal.out));
  return results.some(({ present, total }) => present < total) ? 1 : 0;
}

/** `NAME[=FILE]` with the name that the format has here. */
function nameHere(output: string): string {
  const [name = '', ...file] = output.split('=');
  return [formatName(name), ...file].join('=');
}

function documentOptions({ author, supplier }: InvocationOf<'sbom'>['flags']): DocumentOptions {
  const authors = author?.map((text) => parseParty(text)).filter((party) => party !== undefined);
  const party = supplier === undefined ? undefined : parseParty(supplier);
  return {
    toolVersion: version,
    ...sourceDateEpoch(),
    workflow: workflow(process.env),
    ...(authors?.length ? { authors } : {}),
    ...(party ? { supplier: party } : {}),
  };
}

/** Variables that GitHub sets in a workflow. */
function workflow(env: NodeJS.ProcessEnv): NonNullable<DocumentOptions['workflow']> {
  const { GITHUB_SHA: sha, GITHUB_REF: ref, GITHUB_RUN_ID: run, GITHUB_WORKFLOW, GITHUB_JOB } = env;
  return {
    ...(sha ? { sha } : {}),
    ...(ref ? { ref } : {}),
    ...(run ? { run } : {}),
    ...(GITHUB_WORKFLOW && GITHUB_JOB ? { correlator: `${GITHUB_WORKFLOW} ${GITHUB_JOB}` } : {}),
  };
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function sourceDateEpoch(): { sourceDateEpoch?: number } {
  const seconds = process.env.SOURCE_DATE_EPOCH ?? '';
  return /^\d{1,12}$/.test(seconds) ? { sourceDateEpoch: Number(seconds) } : {};
}

function warnOf({ problems, dockerfile }: Sbom, terminal: Terminal): void {
  const paint = painter(terminal.err.color);
  for (const warning of dockerfile?.warnings ?? []) {
    terminal.warn(`${paint('warning', 'yellow', 'bold')}  ${visible(dockerfile?.path ?? '')}: ${visible(warning)}\n`);
  }
  for (const { path, message } of problems) {
    terminal.warn(`${paint('warning', 'yellow', 'bold')}  /${visible(path)}: ${visible(message)}\n`);
  }
}
