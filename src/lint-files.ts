import type { ResolvedImages } from './base-images.ts';
import { brokenRules } from './broken-rules.ts';
import { type Discovery, discover } from './discover.ts';
import type { DlintError } from './errors.ts';
import { type DockerfileText, readDockerfile, writeFile } from './files.ts';
import type { RuleFailure } from './lint/lint.ts';
import type { AnalyzeOptions } from './lint/semantic.ts';
import type { LintedBuilds } from './lint-builds.ts';
import { type FileSettings, type OneFileOptions, type Repair, ranIn, tryToLint } from './lint-one-file.ts';
import { type Linted, lintAll, type SharedSettings } from './lint-threads.ts';
import type { Finding, Source } from './report/finding.ts';
import type { LintedFile } from './report/lint-report.ts';
import type { Sieve } from './sieve.ts';
import type { Workload } from './tiering.ts';

/** What the files of a run are linted with. A file that is not among them is left out. */
export interface ChosenSettings {
  readonly settings: ReadonlyMap<string, FileSettings>;
  readonly errors: LintedFiles['errors'];
}

export interface LintFilesOptions extends OneFileOptions {
  choose(paths: readonly string[]): Promise<ChosenSettings>;
  /** Asks for what is not in the files: the images that stages start from. */
  readonly resolve?: (
    files: readonly { readonly source: Source; readonly analyze: AnalyzeOptions }[],
  ) => Promise<ResolvedImages>;
  /** What lets only new findings pass, made once the files are known. */
  openSieve?(paths: readonly string[]): Promise<Sieve | undefined>;
  /** What another thread of this program needs to choose the same settings; undefined when it cannot. */
  share?(): SharedSettings | undefined;
  onProgress?(done: number, total: number): void;
}

export interface LintedFiles {
  readonly files: readonly LintedFile[];
  /** Paths that could not be linted, or not repaired. */
  readonly errors: readonly { readonly path: string; readonly error: DlintError }[];
  /** Files whose repaired text differs. */
  readonly repairs: readonly Repair[];
  /** Findings of files that ask to fail on any (`# check=error=true`). */
  readonly strict: ReadonlySet<Finding>;
  /** Lines for standard error. */
  readonly notes: readonly string[];
}

/** Lints what the paths stand for, one file after the other. A file that cannot be read does not stop the others. */
export async function lintFiles(paths: readonly string[], options: LintFilesOptions): Promise<LintedFiles> {
  const discovery = await discover(paths, options.stdinName);
  let builds = discovery.buildFiles.length > 0 ? await startBuilds(discovery, options) : undefined;
  const all = builds?.plan.files ?? discovery.files;
  const outerPaths = discovery.buildFiles.map(({ path }) => path);
  const { settings: chosen, errors: misconfigured } = await options.choose([...all, ...outerPaths]);
  const sieve = await options.openSieve?.([...chosen.keys()]);
  const settings = new Map([...chosen].filter(([path]) => !outerPaths.includes(path)));
  const isAhead = options.resolve !== undefined || [...chosen.values()].some(({ external }) => external);
  const inlines = builds && options.resolve ? builds.inlineSources(chosen) : [];
  const { read, baseImages, unresolved } = isAhead ? await readAhead(settings, inlines, options) : notAhead;
  const known = new Map([...chosen].map(([path, each]) => [path, withBaseImages(each, baseImages)]));
  const repairs: Repair[] = [
    ...(builds && options.repair !== 'no' ? builds.repairInline(known, sieve, ranIn, options) : []),
  ];
  const repairedOuter = options.repair === 'yes' ? repairs.slice() : [];
  for (const { path, after } of repairedOuter) writeFile(path, [after]);
  if (repairedOuter.length > 0) builds = await startBuilds(discovery, options);
  const isAlone = isAhead || builds !== undefined || sieve !== undefined || options.repair !== 'no';
  const lintOne = (path: string, workload: Workload): Linted =>
    tryToLint(path, known.get(path) as FileSettings, options, { read, between: { sieve, builds }, workload });
  const shared = isAlone ? undefined : options.share?.();
  const linted = divided(await lintAll([...settings.keys()], lintOne, { ...options, shared }));
  const { files, failures, strict } = linted;
  repairs.push(...linted.repairs);
  if (builds) {
    const inline = builds.lintInline(known, ranIn, options.context !== undefined);
    failures.push(...inline.failures);
    const outer = builds
      .finish(sieve, new Map(repairedOuter.map(({ path, fixed }) => [path, fixed])))
      .filter(({ source: { path } }) => !outerPaths.includes(path) || chosen.has(path));
    files.push(...outer);
    for (const finding of inline.strict) strict.add(finding);
  }
  const errors = [discovery.errors, builds?.plan.errors ?? [], misconfigured, unresolved, linted.errors].flat();
  return { files, errors: [...errors, ...brokenRules(failures)], repairs, strict, notes: builds?.plan.notes ?? [] };
}

/** What came of the files, by what it is. */
function divided(all: readonly Linted[]) {
  const files: LintedFile[] = [];
  const errors: LintedFiles['errors'][number][] = [];
  const repairs: Repair[] = [];
  const failures: RuleFailure[] = [];
  const strict = new Set<Finding>();
  for (const linted of all) {
    if ('error' in linted) {
      errors.push(linted);
      continue;
    }
    files.push(linted.file);
    if (linted.repair) repairs.push(linted.repair);
    if (linted.isStrict) for (const finding of linted.file.findings) strict.add(finding);
    failures.push(...linted.failures);
  }
  return { files, errors, repairs, failures, strict };
}

/** Loaded only where there is a compose or bake file. */
async function startBuilds(discovery: Discovery, { stdinName }: LintFilesOptions): Promise<LintedBuilds> {
  const { LintedBuilds } = await import('./lint-builds.ts');
  return new LintedBuilds(discovery, stdinName);
}

interface Ahead {
  readonly read: (path: string) => DockerfileText;
  readonly baseImages?: ResolvedImages['baseImages'];
  readonly unresolved: ResolvedImages['errors'];
}

interface ToResolve {
  readonly source: Source;
  readonly analyze: AnalyzeOptions;
}

const notAhead: Ahead = { read: readDockerfile, unresolved: [] };

function withBaseImages(settings: FileSettings, baseImages: Ahead['baseImages']): FileSettings {
  return baseImages ? { ...settings, analyze: { ...settings.analyze, baseImages } } : settings;
}

/**
 * Reads all files for the external linters and for what is asked of registries, and gives back what was read, or what went
 * wrong, when they are linted.
 */
async function readAhead(
  settings: ChosenSettings['settings'],
  inlines: readonly ToResolve[],
  { stdinName, resolve }: LintFilesOptions,
): Promise<Ahead> {
  const read = new Map<string, () => DockerfileText>();
  const externals = new Map<NonNullable<FileSettings['external']>, Source[]>();
  const all: ToResolve[] = [...inlines];
  for (const [path, { external, analyze }] of settings) {
    if (!external && !resolve) continue;
    try {
      const file = readDockerfile(path);
      const source = { path: path === '-' ? stdinName : path, text: file.text };
      const sources = (external && externals.get(external)) ?? [];
      sources.push(source);
      if (external) externals.set(external, sources);
      all.push({ source, analyze });
      read.set(path, () => file);
    } catch (error) {
      read.set(path, () => {
        throw error;
      });
    }
  }
  for (const [external, sources] of externals) await external.prepare(sources);
  const { baseImages, errors: unresolved = [] } = (await resolve?.(all)) ?? {};
  return {
    read: (path) => (read.get(path) ?? (() => readDockerfile(path)))(),
    unresolved,
    ...(baseImages && { baseImages }),
  };
}
