import type { Config, FileConfig, RuleLine } from './config.ts';

/** What hadolint's configuration says, to be said in ours. */
export interface Conversion {
  readonly config: Config;
  readonly held: FileConfig;
}

export interface ConfigTextOptions {
  readonly shellcheck: boolean;
  readonly conversion?: Conversion;
}

/** A configuration to begin with: every key, most of them as comments. */
export function configText({ shellcheck, conversion }: ConfigTextOptions): string {
  const held = conversion?.held;
  return `${[
    '# What dlint does here. All keys: docs/configuration.md; all rules: dlint rules',
    ...(conversion ? [`# Taken over from ${conversion.config.path}.`] : []),
    '',
    ...presetLines(conversion !== undefined),
    '',
    '# Lowest severity that makes the exit code 1: error, warning, info, style, never.',
    `failOn: ${held?.failOn ?? 'warning'}`,
    '',
    '# What ShellCheck says about the scripts of RUN, too; it has to be installed wherever dlint runs.',
    `${shellcheck ? '' : '# '}shellcheck: true`,
    '',
    ...(held?.inlineIgnores === false
      ? ['# Comments that silence rules are not heeded.', 'inlineIgnores: false', '']
      : []),
    ...ruleLines(held),
    '',
    '# Files that are not linted; patterns as in .gitignore.',
    '# ignore:',
    '#   - testdata/',
    '',
    '# What else holds for some files.',
    '# overrides:',
    '#   - files: ["*.dev.Dockerfile"]',
    '#     rules:',
    '#       missing-user: off',
    '',
    '# What dlint check asks of images.',
    '# image:',
    '#   maxSize: 500MB',
    '#   minEfficiency: 95%',
    '#   user: non-root',
  ].join('\n')}\n`;
}

function presetLines(isHadolint: boolean): readonly string[] {
  if (!isHadolint)
    return ['# recommended, strict, hadolint or buildkit (what these report), all', 'preset: recommended'];
  return [
    '# What hadolint reports, as severe as there. recommended has more rules, and severities by harm.',
    'preset: hadolint',
  ];
}

function ruleLines(held: FileConfig | undefined): readonly string[] {
  const lines = [...(held?.rules.values() ?? [])];
  const examples = [
    '# off, error, warning, info, style, or [level, { option: value }]; ids, or codes such as DL3008 and SC2086',
    lines.length > 0 ? 'rules:' : '# rules:',
  ];
  if (lines.length === 0)
    return [...examples, '#   apt-unpinned: info', '#   untrusted-registry: [error, { allowed: [docker.io/library] }]'];
  return [...examples, ...lines.map((line) => `  ${line.id}: ${settingText(line)}`)];
}

/** JSON is YAML, but for what YAML reads otherwise in a line: nothing of it is left inside quotes. */
function settingText({ level, options }: RuleLine): string {
  if (!options) return level;
  const pairs = Object.entries(options).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `[${level}, { ${pairs.join(', ')} }]`;
}
