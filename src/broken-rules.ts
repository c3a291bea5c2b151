import { DlintError } from './errors.ts';
import type { RuleFailure } from './lint/lint.ts';
import { counted } from './report/units.ts';

/** One error for each rule, at the first file: a rule that breaks down on one file mostly does so on many. */
export function brokenRules(failures: readonly RuleFailure[]): { path: string; error: DlintError }[] {
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
