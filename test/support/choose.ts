import type { RuleSet } from '../../src/lint/rule-set.ts';
import type { LintFilesOptions } from '../../src/lint-files.ts';

/** The same rules for every file, without a configuration. */
export function chooseAlways(rules: RuleSet): LintFilesOptions['choose'] {
  const settings = { rules, analyze: {} };
  return async (paths) => ({ settings: new Map(paths.map((path) => [path, settings])), errors: [] });
}
