import { rules as allRules } from '../../rules/index.ts';
import { DlintError } from '../errors.ts';
import { commandSpecs, type FailOn, type FlagValues, type InvocationOf } from '../flags.ts';
import type { Preset } from '../lint/rule.ts';
import { type RuleSet, type RuleSetting, ruleSet } from '../lint/rule-set.ts';
import type { AnalyzeOptions } from '../lint/semantic.ts';
import { type LintedFiles, lintFiles, type Repair } from '../lint-files.ts';
import { type Output, readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import { renderError } from '../report/error-text.ts';
import { renderLintJson } from '../report/lint-json.ts';
import { type LintReport, severities } from '../report/lint-report.ts';
import { renderLintFindings, renderLintText } from '../report/lint-text.ts';
import { visible } from '../report/style.ts';
import { renderUnifiedDiff } from '../report/unified-diff.ts';
import { counted } from '../report/units.ts';
import { isShellCheckCode, namedRules } from '../rule-names.ts';
import type { ShellCheckOptions } from '../shellcheck.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

type LintFlags = FlagValues<'lint'>;

/** Lints, and repairs where asked to. 1 when something at or above `--fail-on` is left, 2 when a path failed. */
export async function lint({ args, flags }: InvocationOf<'lint'>, terminal: Terminal): Promise<0 | 1 | 2> {
  const paths = args.length > 0 ? args : ['.'];
  const outputs = readLintOutputs(flags, paths);
  const progress = startProgress('Linting', flags.quiet === true, terminal);
  const choice = chooseRules(flags);
  const analyze: AnalyzeOptions = { buildArgs: readBuildArgs(flags['build-arg'] ?? []) };
  const external = flags.shellcheck ? await startShellCheck({ ...choice.codes, analyze }) : undefined;
  const linted = await lintFiles(paths, {
    rules: choice.rules,
    analyze,
    ...(external && { external }),
    repair: flags.diff ? 'try' : flags.fix || flags['fix-unsafe'] ? 'yes' : 'no',
    unsafe: flags['fix-unsafe'] === true,
    stdinName: flags['stdin-name'] ?? '-',
    onProgress: (done, total) => progress.report(done, total, 'files'),
  });
  progress.end();
  printRepairs(linted.repairs, flags, terminal);
  const report = lintReport(linted, flags);
  const text = flags.quiet ? renderLintFindings : renderLintText;
  writeReport(report, outputs, { text, json: renderLintJson }, terminal);
  if (flags.diff) terminal.warn(flags.quiet ? '' : summarizeDiff(linted.repairs, flags));
  else if (isStdoutTaken(flags, paths) && flags.format === undefined) {
    for (const piece of text(report, terminal.err)) terminal.warn(piece);
  }
  for (const note of external?.notes ?? []) terminal.warn(`note   ${visible(note)}\n`);
  for (const { error } of linted.errors) terminal.warn(renderError(error, terminal.err));
  return exitCode(linted, flags['fail-on'] as FailOn | undefined);
}

/** `--diff` prints a patch, `--fix -` the repaired text: then no report goes to standard output. */
function isStdoutTaken(flags: LintFlags, paths: readonly string[]): boolean {
  return flags.diff === true || ((flags.fix || flags['fix-unsafe']) === true && paths.includes('-'));
}

function readLintOutputs(flags: LintFlags, paths: readonly string[]): readonly Output[] {
  const outputs = readOutputs(flags.format, commandSpecs.lint.formats);
  if (!isStdoutTaken(flags, paths)) return outputs;
  const printed = flags.format && outputs.find(({ file }) => file === undefined);
  if (printed) {
    const taken = flags.diff ? 'the patch of --diff' : 'the repaired text';
    throw new DlintError('E_USAGE', `standard output is for ${taken}`, {
      where: `--format ${printed.format}`,
      hint: `--format ${printed.format}=FILE`,
    });
  }
  return outputs.filter(({ file }) => file !== undefined);
}

interface Choice {
  readonly rules: RuleSet;
  readonly codes: Pick<ShellCheckOptions, 'only' | 'ignored'>;
}

function chooseRules(flags: LintFlags): Choice {
  const words = flags.select?.flatMap((value) => value.split(','));
  const isAll = words?.includes('all') === true;
  const selected = words && !isAll ? namedRules(words, allRules, '--select') : undefined;
  if (selected && selected.ids.size + selected.codes.size === 0) {
    throw new DlintError('E_USAGE', '--select names no rule', {
      where: `--select ${words?.join(',')}`,
      hint: 'rule ids or aliases, comma separated: dlint rules lists them',
    });
  }
  const ignored = namedRules(flags.ignore ?? [], allRules, '--ignore');
  const [code] = selected?.codes ?? [];
  if (code !== undefined && !flags.shellcheck) {
    throw new DlintError('E_USAGE', `${code} is a code of ShellCheck, which is not asked for`, {
      where: `--select ${words?.join(',')}`,
      hint: 'add --shellcheck',
    });
  }
  const settings = new Map<string, RuleSetting>();
  if (selected) {
    for (const { id } of allRules) settings.set(id, { level: 'off' });
    for (const id of selected.ids) settings.set(id, { level: 'on' });
  }
  for (const id of ignored.ids) settings.set(id, { level: 'off' });
  const preset = (flags.preset as Preset | undefined) ?? (isAll ? 'all' : 'recommended');
  return {
    rules: ruleSet(allRules, { preset, settings }),
    codes: { ignored: ignored.codes, ...(selected && { only: selected.codes }) },
  };
}

/** Loaded only when it is asked for. */
async function startShellCheck(options: ShellCheckOptions) {
  const { ShellCheck } = await import('../shellcheck.ts');
  return new ShellCheck(options);
}

function readBuildArgs(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map((value) => {
      const equals = value.indexOf('=');
      if (equals > 0) return [value.slice(0, equals), value.slice(equals + 1)];
      throw new DlintError('E_USAGE', `${value} gives no value`, {
        where: `--build-arg ${value}`,
        hint: '--build-arg NAME=VALUE',
      });
    }),
  );
}

function printRepairs(repairs: readonly Repair[], { diff }: LintFlags, terminal: Terminal): void {
  for (const { path, before, after, isStdin } of repairs) {
    if (diff) terminal.print(renderUnifiedDiff(path, before, after, terminal.out));
    else if (isStdin) terminal.print([after]);
  }
}

function summarizeDiff(repairs: readonly Repair[], flags: LintFlags): string {
  const changed = repairs.filter(({ before, after }) => before !== after);
  if (changed.length === 0) return 'nothing to repair\n';
  const fixed = changed.reduce((sum, repair) => sum + repair.fixed, 0);
  const command = `dlint lint ${flags['fix-unsafe'] ? '--fix-unsafe' : '--fix'}`;
  return `${counted(fixed, 'finding')} of ${counted(changed.length, 'file')} can be repaired; ${command} does it\n`;
}

function lintReport({ files, errors, repairs }: LintedFiles, flags: LintFlags): LintReport {
  return {
    tool: { name: 'dlint', version },
    files,
    errors: errors.map(({ path, error: { code, message } }) => ({ path, code, message })),
    rules: new Map([...shellCheckPages(files), ...allRules.map(({ id, why }) => [id, { why, url: null }] as const)]),
    repaired: repairs.length > 0 && !flags.diff,
  };
}

function shellCheckPages(files: LintedFiles['files']): (readonly [string, { why: string; url: string | null }])[] {
  const codes = files.flatMap(({ findings }) => findings.map(({ rule }) => rule)).filter(isShellCheckCode);
  return codes.map((code) => [code, { why: '', url: `https://www.shellcheck.net/wiki/${code}` }]);
}

function exitCode({ files, errors, strict }: LintedFiles, failOn: FailOn = 'warning'): 0 | 1 | 2 {
  if (errors.length > 0) return 2;
  if (failOn === 'never') return 0;
  const failing = severities.slice(0, severities.indexOf(failOn) + 1);
  const fails = files.some(({ findings }) =>
    findings.some((finding) => failing.includes(finding.severity) || strict.has(finding)),
  );
  return fails ? 1 : 0;
}
