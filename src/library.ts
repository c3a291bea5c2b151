import { rules as shippedRules } from '../rules/index.ts';
import { buildContextOf } from './build-context.ts';
import type { LintOptions } from './lint/lint.ts';
import type { Preset, Rule } from './lint/rule.ts';
import type { RuleSet } from './lint/rule-set.ts';
import { lintReportOf } from './lint-report-of.ts';
import { LintSettings } from './lint-settings.ts';
import type { Finding, Source } from './report/finding.ts';
import type { LintReport } from './report/lint-report.ts';

export interface LoadSettingsOptions {
  /** This configuration, as `--config FILE`; false: none. Default: the nearest one above the Dockerfile. */
  readonly config?: string | false;
  /** False: no code of plugins is loaded, as `--no-plugins`. */
  readonly plugins?: boolean;
  /** Instead of the preset that the configuration names. */
  readonly preset?: Preset;
}

/** What a Dockerfile is linted with: the arguments of `lint` behind its text. */
export interface LoadedSettings {
  readonly rules: RuleSet;
  readonly options: LintOptions;
  /** All rules that there are, those of plugins included. */
  readonly known: readonly Rule[];
}

/**
 * What `dlint lint` would lint a Dockerfile with: its configuration (`.dlint.yaml`, or hadolint's) and its build
 * context, where they are known; undefined when the configuration ignores the file. ShellCheck is left out. The file
 * itself is not read and need not exist.
 * Errors: `E_CONFIG`, `E_PLUGIN`, `E_NOT_FOUND`, `E_READ`.
 */
export async function loadSettings(
  dockerfile: string,
  { config, plugins = true, preset }: LoadSettingsOptions = {},
): Promise<LoadedSettings | undefined> {
  const flags = {
    'no-shellcheck': true,
    ...(config === false && { 'no-config': true }),
    ...(typeof config === 'string' && { config }),
    ...(!plugins && { 'no-plugins': true }),
    ...(preset !== undefined && { preset }),
  };
  const all = new LintSettings(flags, shippedRules);
  const { settings, errors } = await all.choose([dockerfile], []);
  if (errors[0]) throw errors[0].error;
  const chosen = settings.get(dockerfile);
  if (!chosen) return undefined;
  const context = buildContextOf(dockerfile);
  const { rules, analyze } = chosen;
  return { rules, options: { ...(context && { context }), ...analyze }, known: all.rules };
}

/**
 * A report of linted texts for the renderers: `renderLintText`, `renderLintJson`, and those in `lintFormats`.
 * @param rules those that ran, whose reasons the report tells
 */
export function createLintReport(
  linted: readonly { readonly source: Source; readonly findings: readonly Finding[] }[],
  rules: readonly Rule[] = shippedRules,
): LintReport {
  return lintReportOf(
    linted.map(({ source, findings }) => ({ source, findings, fixed: 0 })),
    rules,
  );
}
