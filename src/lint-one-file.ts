import { buildContextOf } from './build-context.ts';
import { DlintError } from './errors.ts';
import { type DockerfileText, readDockerfile, writeFile } from './files.ts';
import type { ExternalLinter } from './lint/external.ts';
import { fixAll } from './lint/fix.ts';
import { type LintOptions, type LintResult, lint } from './lint/lint.ts';
import type { RuleSet } from './lint/rule-set.ts';
import type { LintedBuilds } from './lint-builds.ts';
import type { Linted } from './lint-threads.ts';
import type { Source } from './report/finding.ts';
import type { LeftOut, LintedFile } from './report/lint-report.ts';
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

export interface Repair {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly isStdin: boolean;
  /** Findings that it repairs. */
  readonly fixed: number;
}

/** What holds for each file of a run. */
export interface OneFileOptions {
  /** `try` computes the repairs and writes nothing. */
  readonly repair: 'no' | 'try' | 'yes';
  /** Repairs that may change the image, too. */
  readonly unsafe: boolean;
  /** The build context of all files. */
  readonly context?: string;
  /** Name of standard input in the report. */
  readonly stdinName: string;
}

/** What stands between the rules and the report. */
export interface Between {
  readonly sieve: Sieve | undefined;
  readonly builds: LintedBuilds | undefined;
}

/** Lints one file of a run that has nothing to do but to lint, as a helping thread does. */
export function lintPath(
  path: string,
  settings: FileSettings,
  options: Pick<OneFileOptions, 'stdinName' | 'context'>,
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

/** Lints one file, and repairs it where that is asked for. An error on purpose is the answer. */
export function tryToLint(
  path: string,
  settings: FileSettings,
  options: OneFileOptions,
  {
    read,
    between,
    workload,
  }: {
    readonly read: (path: string) => DockerfileText;
    readonly between: Between;
    readonly workload: Workload;
  },
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

function lintFile(
  path: string,
  { text, isExact, isFile }: DockerfileText,
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
  if (!isStdin) {
    if (!isFile) throw notAFile(source.path);
    writeFile(path, [after]);
  }
  const repaired = { ...source, text: after };
  const result = run(repaired);
  return { file: { source: repaired, ...reported(result), fixed: applied.length }, repair, result };
}

function notAFile(path: string): DlintError {
  return new DlintError('E_READ', `${path} is no file, so it is not repaired`, {
    hint: 'dlint lint --fix - reads standard input and prints the repaired text; --diff prints a patch',
  });
}

function reported({ findings, leftOut }: LintResult & { leftOut?: LeftOut }): Pick<LintedFile, 'findings' | 'leftOut'> {
  return { findings, ...(leftOut && { leftOut }) };
}

/** Whether a rule looked at a file with these settings. */
export function ranIn({ rules: { active }, external }: FileSettings): (rule: string) => boolean {
  let ids: ReadonlySet<string> | undefined;
  return (rule) => {
    ids ??= new Set(active.map(({ rule: { id } }) => id));
    return ids.has(rule) || (external !== undefined && isShellCheckCode(rule));
  };
}
