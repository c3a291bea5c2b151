import type { Rule } from './lint/rule.ts';
import type { LintError, LintedFile, LintReport, RuleFacts } from './report/lint-report.ts';
import { isShellCheckCode } from './rule-names.ts';
import { rulePage } from './rule-page.ts';
import { version } from './version.ts';

/** Files with what was found in them, as one report for the renderers. `rules` are those that ran: they tell their reasons. */
export function lintReportOf(
  files: readonly LintedFile[],
  rules: readonly Rule[],
  { errors = [], repaired = false }: { readonly errors?: readonly LintError[]; readonly repaired?: boolean } = {},
): LintReport {
  return {
    tool: { name: 'dlint', version },
    files,
    errors,
    rules: new Map<string, RuleFacts>([
      ...shellCheckPages(files),
      ...rules.map(({ id, why, summary }) => [id, { why, summary, url: rulePage(id) }] as const),
    ]),
    repaired,
  };
}

function shellCheckPages(files: readonly LintedFile[]): (readonly [string, RuleFacts])[] {
  const codes = files.flatMap(({ findings }) => findings.map(({ rule }) => rule)).filter(isShellCheckCode);
  return codes.map((code) => [code, { why: '', url: `https://www.shellcheck.net/wiki/${code}` }]);
}
