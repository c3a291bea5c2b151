import { statSync } from 'node:fs';
import { asFindings } from '../check/as-findings.ts';
import { type Baseline, checkPolicy } from '../check/check-policy.ts';
import { findSecretFiles, findSecretVariables, secretProbes, secretProbeTable } from '../check/check-secrets.ts';
import { checkDiveRules, readDiveRules } from '../check/dive-ci.ts';
import { type Found, type ImageRule, imageRules } from '../check/image-rules.ts';
import { type Growth, type ImagePolicy, readPercent } from '../config/image-policy.ts';
import { imagePolicyFor } from '../config/image-policy-for.ts';
import { DlintError } from '../errors.ts';
import { commandSpecs, type FailOn, type FlagValues, type InvocationOf } from '../flags.ts';
import { openFlags, readSize } from '../image-flags.ts';
import { passImage } from '../layers/pass-image.ts';
import { Scratch } from '../layers/scratch.ts';
import { platformName } from '../layers/sources/oci-layout.ts';
import { openStream } from '../layers/sources/streams.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { type Output, readOutputs, writeReport } from '../output.ts';
import { type Progress, startProgress } from '../progress.ts';
import { type CheckReport, type ImageRuleFacts, renderCheckJson, renderCheckText } from '../report/check-report.ts';
import type { Render } from '../report/finding.ts';
import { type LintReport, severities } from '../report/lint-report.ts';
import { rulePage } from '../rule-page.ts';
import { stackFlagged } from '../stack-flagged.ts';
import type { Terminal } from '../terminal.ts';
import { type BuildFlags, readBuildFlags } from '../trace-flags.ts';
import { version } from '../version.ts';

type CheckFlags = FlagValues<'check'>;

/** Holds where nothing else is asked for. */
const defaultPolicy: ImagePolicy = { minEfficiency: 0.9 };
const diveFile = '.dive-ci';

/** Holds an image to a policy. 1 when something at or above `--fail-on` is found. */
export async function check({ args, flags }: InvocationOf<'check'>, terminal: Terminal): Promise<0 | 1> {
  const outputs = readOutputs(flags.format, commandSpecs.check.formats);
  const build = readBuildFlags(flags);
  const { policy, sources, diveRules } = await choosePolicy(flags);
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  const scratch = new Scratch();
  try {
    if (flags.against !== undefined && !policy.maxGrowth) throw againstNothing(flags.against);
    const stacked = await open(args[0] as string, flags, { scratch, progress });
    const baseline =
      flags.against === undefined
        ? undefined
        : baselineOf(await open(flags.against, ofAnother(flags), { scratch, progress }));
    const found: Found[] = [
      ...checkPolicy(stacked, policy, baseline),
      ...(diveRules ? checkDiveRules(stacked, diveRules) : []),
      ...(await findSecretFiles(stacked)),
      ...findSecretVariables(stacked),
    ];
    progress.end();
    const report = await traced(
      checkReport(args[0] as string, stacked, found, sources),
      stacked,
      flags.dockerfile,
      build,
    );
    const isSilent = flags.quiet === true && flags.format === undefined && report.findings.length === 0;
    if (!isSilent) writeReport(report, outputs, await renderersOf(outputs), terminal);
    return fails(report, flags['fail-on'] as FailOn | undefined) ? 1 : 0;
  } finally {
    progress.end();
    scratch.dispose();
  }
}

/** An archive that comes through a pipe is read as it passes. */
async function open(
  reference: string,
  flags: CheckFlags,
  reading: { readonly scratch: Scratch; readonly progress: Progress },
): Promise<StackedImage> {
  const stream = openStream(reference);
  if (!stream) return await stackFlagged(reference, flags, reading);
  return await passImage(reference, stream, secretProbes, {
    scratch: reading.scratch,
    ...openFlags(flags),
    probeTable: secretProbeTable,
    onProgress: ({ done, total }) => reading.progress.reportBytes(done, total),
  });
}

/** `--image` chooses among the images of the first archive. */
function ofAnother({ image: _, ...others }: CheckFlags): CheckFlags {
  return others;
}

/** The formats of the linter are loaded only when one is asked for. */
async function renderersOf(outputs: readonly Output[]): Promise<Readonly<Record<string, Render<CheckReport>>>> {
  const own = { text: renderCheckText, json: renderCheckJson };
  if (outputs.every(({ format }) => Object.hasOwn(own, format))) return own;
  const [{ lintFormats }, { asLintReport }, { renderCheckMarkdown }] = await Promise.all([
    import('../report/lint-formats/lint-formats.ts'),
    import('../report/check-findings.ts'),
    import('../report/check-markdown.ts'),
  ]);
  const others = Object.entries(lintFormats).map(([name, render]): [string, Render<CheckReport>] => [
    name,
    (report, style) => (render as Render<LintReport>)(asLintReport(report), style),
  ]);
  return { ...Object.fromEntries(others), ...own, markdown: renderCheckMarkdown };
}

/** The parser of Dockerfiles is loaded only when it is wanted. */
async function traced(
  report: CheckReport,
  { image }: StackedImage,
  dockerfile: string | undefined,
  build: BuildFlags,
): Promise<CheckReport> {
  if (dockerfile === undefined) return report;
  const { traceCheck } = await import('../trace-check.ts');
  return traceCheck(report, image.history, dockerfile, build);
}

async function choosePolicy(flags: CheckFlags) {
  const fromFlags = readPolicyFlags(flags);
  const config = flags['no-config']
    ? undefined
    : await imagePolicyFor({ ...(flags.config !== undefined && { file: flags.config }) });
  const file =
    flags['ci-config'] ?? (!flags['no-config'] && statSync(diveFile, { throwIfNoEntry: false }) ? diveFile : undefined);
  const diveRules = file === undefined ? undefined : readDiveRules(file);
  const sources = [
    ...(config?.path && Object.keys(config.policy).length > 0 ? [config.path] : []),
    ...(file === undefined ? [] : [file]),
    ...(Object.keys(fromFlags).length > 0 ? ['flags'] : []),
  ];
  if (sources.length === 0) return { policy: defaultPolicy, sources: ['defaults (efficiency of 90 %)'], diveRules };
  return { policy: { ...config?.policy, ...fromFlags }, sources, diveRules };
}

function readPolicyFlags(flags: CheckFlags): ImagePolicy {
  const size = (flag: 'max-size' | 'max-dead' | 'max-layer-size') =>
    flags[flag] === undefined ? undefined : readSize(`--${flag}`, flags[flag] as string);
  const [maxSize, maxDeadBytes, maxLayerSize] = [size('max-size'), size('max-dead'), size('max-layer-size')];
  const modes = flags['forbid-mode']?.flatMap((value) => value.split(',')).map(readMode);
  return {
    ...(maxSize !== undefined && { maxSize }),
    ...(maxDeadBytes !== undefined && { maxDeadBytes }),
    ...(maxLayerSize !== undefined && { maxLayerSize }),
    ...(flags['min-efficiency'] !== undefined && { minEfficiency: readShare(flags['min-efficiency']) }),
    ...(flags['max-layers'] !== undefined && { maxLayers: readCount(flags['max-layers']) }),
    ...(flags['max-growth'] !== undefined && { maxGrowth: readGrowth(flags['max-growth'], flags.against) }),
    ...(flags['forbid-path'] && { forbiddenPaths: flags['forbid-path'] }),
    ...(modes && { forbiddenModes: modes }),
    ...(flags.user !== undefined && { user: flags.user }),
  };
}

function readMode(word: string): 'setuid' | 'setgid' | 'world-writable' {
  if (word === 'setuid' || word === 'setgid' || word === 'world-writable') return word;
  throw refused('--forbid-mode', word, 'setuid, setgid, world-writable');
}

function readShare(word: string): number {
  const share = readPercent(word) ?? Number(word);
  if (share >= 0 && share <= 1) return share;
  const meant = share > 1 && share <= 100 ? `did you mean ${share}%?` : 'a share such as 0.9 or 90%';
  throw refused('--min-efficiency', word, meant);
}

function readCount(word: string): number {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  throw refused('--max-layers', word, 'a number');
}

function readGrowth(word: string, against: string | undefined): Growth {
  if (against === undefined) throw refused('--max-growth', word, '--max-growth needs --against IMAGE');
  const share = readPercent(word);
  return share === undefined ? { bytes: readSize('--max-growth', word) } : { share };
}

function againstNothing(reference: string): DlintError {
  return new DlintError('E_USAGE', '--against says what growth is measured from, and nothing says how much may be', {
    where: `--against ${reference}`,
    hint: 'add --max-growth 5%, or image.maxGrowth in .dlint.yaml',
  });
}

function refused(flag: string, word: string, hint: string): DlintError {
  return new DlintError('E_USAGE', `${flag} cannot be ${word}`, { where: `${flag} ${word}`, hint });
}

function baselineOf({ image, tree }: StackedImage): Baseline {
  return { reference: image.reference, storedBytes: tree.storedBytes };
}

function checkReport(
  input: string,
  stacked: StackedImage,
  found: readonly Found[],
  policy: readonly string[],
): CheckReport {
  const { image, tree } = stacked;
  const { reference, imageId } = image;
  return {
    tool: { name: 'dlint', version },
    image: { reference, imageId, platform: platformName(image.platform) ?? null },
    input: input === '-' ? (image.tags[0] ?? 'image') : input,
    storedBytes: tree.storedBytes,
    liveBytes: tree.liveBytes,
    deadBytes: tree.deadBytes,
    layers: image.layers.length,
    policy,
    warnings: image.warnings,
    findings: asFindings(found, stacked),
    rules: new Map(Object.entries(imageRules).map(([id, rule]) => [id, factsOf(id, rule)])),
  };
}

function factsOf(id: string, { summary, why, instruction }: ImageRule): ImageRuleFacts {
  return { summary, why, url: rulePage(id), instruction: instruction ?? null };
}

function fails({ findings }: CheckReport, failOn: FailOn = 'warning'): boolean {
  if (failOn === 'never') return false;
  const failing = severities.slice(0, severities.indexOf(failOn) + 1);
  return findings.some(({ severity }) => failing.includes(severity));
}
