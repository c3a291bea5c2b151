import type { ResolvedImages } from './base-images.ts';
import { buildContextOf } from './build-context.ts';
import { type Discovery, discover } from './discover.ts';
import { DlintError } from './errors.ts';
import { type DockerfileText, readDockerfile, writeFile } from './files.ts';
import type { ExternalLinter } from './lint/external.ts';
import { fixAll } from './lint/fix.ts';
import { type LintOptions, type LintResult, lint, type RuleFailure } from './lint/lint.ts';
import type { RuleSet } from './lint/rule-set.ts';
import type { AnalyzeOptions } from './lint/semantic.ts';
import type { LintedBuilds } from './lint-builds.ts';
import { type Linted, lintAll, type SharedSettings } from './lint-threads.ts';
import type { Finding, Source } from './report/finding.ts';
import type { LeftOut, LintedFile } from './report/lint-report.ts';
import { counted } from './report/units.ts';
import { isShellCheckCode } from './rule-names.ts';
import type { Sieve } from './sieve.ts';
import type { Workload } from './tiering.ts';

/** What a file is linted with; files that have the same have the same object. */
export interface FileSettings {
  readonly rules: RuleSet;
  readonly analyze: LintOptions;
  /** What looks at the files beside the rules; it gets all of them at once before the first is linted. */
  readonly external?: ExternalLinter & { prepare(sources: Iterable<Source>): Promise<void> };
}

/** What the files of a run are linted with. A file that is not among them is left out. */
export interface ChosenSettings {
  readonly settings: ReadonlyMap<string, FileSettings>;
  readonly errors: LintedFiles['errors'];
}

export interface LintFilesOptions {
  choose(paths: readonly string[]): Promise<ChosenSettings>;
  /** `try` computes the repairs and writes nothing. */
  readonly repair: 'no' | 'try' | 'yes';
  /** Repairs that may change the image, too. */
  readonly unsafe: boolean;
  /** Asks for what is not in the files: the images that stages start from. */
  readonly resolve?: (
    files: readonly { readonly source: Source; readonly analyze: AnalyzeOptions }[],
  ) => Promise<ResolvedImages>;
  /** The build context of all files. */
  readonly context?: string;
  /** What lets only new findings pass, made once the files are known. */
  openSieve?(paths: readonly string[]): Promise<Sieve | undefined>;
  /** Name of standard input in the report. */
  readonly stdinName: string;
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

export interface Repair {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly isStdin: boolean;
  /** Findings that it repairs. */
  readonly fixed: number;
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
  const files: LintedFile[] = [];
  const errors = [...discovery.errors, ...(builds?.plan.errors ?? []), ...misconfigured, ...unresolved];
  const failures: RuleFailure[] = [];
  const strict = new Set<Finding>();
  const isAlone = isAhead || builds !== undefined || sieve !== undefined || options.repair !== 'no';
  const lintOne = (path: string, workload: Workload): Linted =>
    tryToLint(path, known.get(path) as FileSettings, options, {
      read,
      between: { sieve, builds },
      workload,
    });
  const shared = isAlone ? undefined : options.share?.();
  for (const linted of await lintAll([...settings.keys()], lintOne, { ...options, shared })) {
    if ('error' in linted) {
      errors.push(linted);
      continue;
    }
    files.push(linted.file);
    if (linted.repair) repairs.push(linted.repair);
    if (linted.isStrict) for (const finding of linted.file.findings) strict.add(finding);
    failures.push(...linted.failures);
  }
  if (builds) {
    const inline = builds.lintInline(known, ranIn, options.context !== undefined);
    failures.push(...inline.failures);
    const outer = builds
      .finish(sieve, new Map(repairedOuter.map(({ path, fixed }) => [path, fixed])))
      .filter(({ source: { path } }) => !outerPaths.includes(path) || chosen.has(path));
    files.push(...outer);
    for (const finding of inline.strict) strict.add(finding);
  }
  return { files, errors: [...errors, ...brokenRules(failures)], repairs, strict, notes: builds?.plan.notes ?? [] };
}

/** Lints one file of a run that has nothing to do but to lint, as a helping thread does. */
export function lintPath(
  path: string,
  settings: FileSettings,
  options: Pick<LintFilesOptions, 'stdinName' | 'context'>,
  workload: Workload,
): Linted {
  const between = { sieve: undefined, builds: undefined };
  return tryToLint(
    path,
    settings,
    { ...options, repair: 'no', unsafe: false },
    { read: readDockerfile, between, workload },
  );
}

type OneFileOptions = Pick<LintFilesOptions, 'stdinName' | 'context' | 'repair' | 'unsafe'>;

function tryToLint(
  path: string,
  settings: FileSettings,
  options: OneFileOptions,
  { read, between, workload }: Pick<Ahead, 'read'> & { readonly between: Between; readonly workload: Workload },
): Linted {
  try {
    const content = read(path);
    workload.add(content.text.length);
    const { file, repair, result } = lintFile(path, content, settings, options, between);
    return { file, ...(repair && { repair }), isStrict: result.failsOnAny, failures: result.failures };
  } catch (error) {
    if (!(error instanceof DlintError)) throw error;
    return { path, error };
  }
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

/** What stands between the rules and the report. */
interface Between {
  readonly sieve: Sieve | undefined;
  readonly builds: LintedBuilds | undefined;
}

function lintFile(
  path: string,
  { text, isExact }: DockerfileText,
  settings: FileSettings,
  options: OneFileOptions,
  { sieve, builds }: Between,
): { file: LintedFile; repair?: Repair; result: LintResult } {
  const { rules, analyze, external } = settings;
  const source: Source = { path: path === '-' ? options.stdinName : path, text };
  const context = buildContextOf(path, options.context);
  const known = { ...(context && { context }), ...analyze, ...(external && { external }) };
  const ran = ranIn(settings);
  const sift = sieve?.of(source, ran);
  const lintOnce = (each: Source) =>
    builds ? builds.lint(path, each, rules, known, options.context !== undefined) : lint(each, rules, known);
  const run = (each: Source) => {
    const result = lintOnce(each);
    const findings = builds ? builds.divide(source, result.findings, ran) : result.findings;
    return { ...result, findings, ...sift?.(each, findings) };
  };
  const first = run(source);
  const asFound = { file: { source, ...reported(first), fixed: 0 }, result: first };
  if (options.repair === 'no') return asFound;
  const { text: after, applied } = fixAll(source, (each) => run(each).findings, { unsafe: options.unsafe });
  const isStdin = path === '-';
  if (after === text)
    return isStdin ? { ...asFound, repair: { path: source.path, before: text, after, isStdin, fixed: 0 } } : asFound;
  if (!isExact) {
    throw new DlintError('E_READ', `${source.path} is not UTF-8, so it is not repaired`, {
      hint: `convert it first: iconv -f LATIN1 -t UTF-8`,
    });
  }
  const repair = { path: source.path, before: text, after, isStdin, fixed: applied.length };
  if (options.repair === 'try') return { ...asFound, repair };
  if (!isStdin) writeFile(path, [after]);
  const repaired = { ...source, text: after };
  const result = run(repaired);
  return { file: { source: repaired, ...reported(result), fixed: applied.length }, repair, result };
}

function reported({ findings, leftOut }: LintResult & { leftOut?: LeftOut }): Pick<LintedFile, 'findings' | 'leftOut'> {
  return { findings, ...(leftOut && { leftOut }) };
}

function ranIn({ rules: { active }, external }: FileSettings): (rule: string) => boolean {
  let ids: ReadonlySet<string> | undefined;
  return (rule) => {
    ids ??= new Set(active.map(({ rule: { id } }) => id));
    return ids.has(rule) || (external !== undefined && isShellCheckCode(rule));
  };
}

/** One error for each rule, at the first file: a rule that breaks down on one file mostly does so on many. */
function brokenRules(failures: readonly RuleFailure[]): { path: string; error: DlintError }[] {
  const first = new Map<string, RuleFailure>();
  const paths = new Map<string, Set<string>>();
  for (const failure of failures) {
    const { rule, path } = failure;
    if (!first.has(rule)) first.set(rule, failure);
    paths.set(rule, (paths.get(rule) ?? new Set()).add(path));
  }
  return [...first.values()].map((failure) => brokenRule(failure, paths.get(failure.rule)?.size ?? 1));
}

function brokenRule({ rule, path, error }: RuleFailure, files: number): { path: string; error: DlintError } {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const places = files > 1 ? `${counted(files, 'file')}, first on ${path}` : path;
  return {
    path,
    error: new DlintError('E_RULE', `rule ${rule} broke down on ${places}; the other rules went on`, {
      where: stack.split('\n').slice(0, 3).join('\n'),
      hint: `this is a bug of the rule: please report it; meanwhile --ignore ${rule}`,
      cause: error,
    }),
  };
}
