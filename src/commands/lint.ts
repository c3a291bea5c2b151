import { rules as allRules } from '../../rules/index.ts';
import { checkContext } from '../build-context.ts';
import { DlintError } from '../errors.ts';
import { lint as spec } from '../flags/lint.ts';
import type { FailOn, FlagValues, InvocationOf } from '../flags.ts';
import type { Rule } from '../lint/rule.ts';
import { type LintedFiles, type LintFilesOptions, lintFiles } from '../lint-files.ts';
import type { Repair } from '../lint-one-file.ts';
import { lintReportOf } from '../lint-report-of.ts';
import { LintSettings } from '../lint-settings.ts';
import { type Output, readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import { renderError } from '../report/error-text.ts';
import type { Render } from '../report/finding.ts';
import { renderLintJson } from '../report/lint-json.ts';
import { type LintReport, severities } from '../report/lint-report.ts';
import { renderLintFindings, renderLintText } from '../report/lint-text.ts';
import { visible } from '../report/style.ts';
import { renderUnifiedDiff } from '../report/unified-diff.ts';
import { counted } from '../report/units.ts';
import { Sieves } from '../sieve.ts';
import type { Terminal } from '../terminal.ts';

export { lintShare } from '../lint-share.ts';

type LintFlags = FlagValues<'lint'>;

/** Lints, and repairs where asked to. 1 when something at or above `--fail-on` is left, 2 when a path failed. */
export async function lint({ args, flags }: InvocationOf<'lint'>, terminal: Terminal): Promise<0 | 1 | 2> {
  const paths = args.length > 0 ? args : ['.'];
  const outputs = readLintOutputs(flags, paths);
  const progress = startProgress('Linting', flags.quiet === true, terminal);
  const settings = new LintSettings(flags, allRules);
  const sieves = new Sieves(flags, (path) => settings.baselineOf(path));
  const found = await lintFiles(paths, {
    choose: (files) => settings.choose(files, args),
    openSieve: (files) => sieves.open(files),
    repair: flags.diff ? 'try' : flags.fix || flags['fix-unsafe'] ? 'yes' : 'no',
    unsafe: flags['fix-unsafe'] === true,
    stdinName: flags['stdin-name'] ?? '-',
    // The rules of plugins and standard input are for this thread alone.
    share: () => (settings.rules.length === allRules.length && !paths.includes('-') ? { flags, args } : undefined),
    ...(flags.resolve && { resolve: await startResolving(flags.insecure === true) }),
    ...(flags.context !== undefined && { context: checkContext(flags.context) }),
    onProgress: (done, total) => progress.report(done, total, 'files'),
  });
  progress.end();
  const linted = { ...found, files: sieves.settle(found.files) };
  printRepairs(linted.repairs, flags, terminal);
  const report = lintReport(linted, flags, settings.rules);
  const text = flags.quiet ? renderLintFindings : renderLintText;
  const { format = 'text', noColor = false } = settings.style;
  const wanted = flags.format ? outputs : outputs.map((output) => ({ ...output, format }));
  const renderers = { text, json: renderLintJson, ...(await otherFormats(wanted)) };
  writeReport(report, wanted, renderers, noColor ? withoutColor(terminal) : terminal);
  if (flags.diff) terminal.warn(flags.quiet ? '' : summarizeDiff(linted.repairs, flags));
  else if (isStdoutTaken(flags, paths) && flags.format === undefined) {
    for (const piece of text(report, terminal.err)) terminal.warn(piece);
  }
  const hints = terminal.interactive && !flags.quiet ? settings.hints : [];
  for (const note of [...found.notes, ...settings.notes, ...sieves.notes(linted.files), ...hints])
    terminal.warn(`note   ${visible(note)}\n`);
  for (const { error } of linted.errors) terminal.warn(renderError(error, terminal.err));
  return exitCode(linted, (path) => settings.failOn(path));
}

/** Loaded only when one is asked for. */
async function otherFormats(outputs: readonly Output[]): Promise<Readonly<Record<string, Render<LintReport>>>> {
  if (outputs.every(({ format }) => format === 'text' || format === 'json')) return {};
  const { lintFormats } = await import('../report/lint-formats/lint-formats.ts');
  return lintFormats;
}

/** Loaded only when it is asked for. */
async function startResolving(insecure: boolean): Promise<NonNullable<LintFilesOptions['resolve']>> {
  const { resolveBaseImages } = await import('../base-images.ts');
  return (files) => resolveBaseImages(files, { insecure });
}

/** `--diff` prints a patch, `--fix -` the repaired text: then no report goes to standard output. */
function isStdoutTaken(flags: LintFlags, paths: readonly string[]): boolean {
  return flags.diff === true || ((flags.fix || flags['fix-unsafe']) === true && paths.includes('-'));
}

function readLintOutputs(flags: LintFlags, paths: readonly string[]): readonly Output[] {
  const outputs = readOutputs(flags.format, spec.formats);
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

function withoutColor(terminal: Terminal): Terminal {
  return { ...terminal, out: { ...terminal.out, color: false }, err: { ...terminal.err, color: false } };
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

function lintReport({ files, errors, repairs }: LintedFiles, flags: LintFlags, rules: readonly Rule[]): LintReport {
  return lintReportOf(files, rules, {
    errors: errors.map(({ path, error: { code, message } }) => ({ path, code, message })),
    repaired: repairs.length > 0 && !flags.diff,
  });
}

function exitCode({ files, errors, strict }: LintedFiles, failOn: (path: string) => FailOn): 0 | 1 | 2 {
  if (errors.length > 0) return 2;
  const fails = files.some(({ source, findings }) => {
    const lowest = failOn(source.path);
    const failing = lowest === 'never' ? [] : severities.slice(0, severities.indexOf(lowest) + 1);
    return findings.some(
      (finding) => failing.includes(finding.severity) || (lowest !== 'never' && strict.has(finding)),
    );
  });
  return fails ? 1 : 0;
}
