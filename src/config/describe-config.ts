import type { LoadedConfig } from '../config.ts';
import type { Rule } from '../lint/rule.ts';
import { ruleSet } from '../lint/rule-set.ts';
import type { ConfigReport, RuleLevel, SettingLine } from '../report/config-report.ts';
import { isShellCheckCode } from '../rule-names.ts';
import { version } from '../version.ts';
import type { Config, FileConfig } from './config.ts';

const defaults = { preset: 'recommended', failOn: 'warning', shellcheck: false, inlineIgnores: true } as const;

const nothing: FileConfig = { rules: new Map(), origins: new Map() };

/** What holds for a Dockerfile, flags aside. */
export function describeConfig(
  path: string,
  loaded: Extract<LoadedConfig, { config: Config }> | undefined,
  rules: readonly Rule[],
): ConfigReport {
  const config = loaded?.config;
  const held = loaded?.resolver.of(path) ?? nothing;
  return {
    tool: { name: 'dlint', version },
    path,
    config: config ? { path: config.path, kind: config.kind, files: config.files } : null,
    ignoredBy: loaded?.resolver.ignoredBy(path)?.origin ?? null,
    settings: settingsOf(held),
    image: config ? imageOf(config) : [],
    licenses: config ? licensesOf(config) : [],
    rules: rulesOf(held, config?.rules ?? rules),
    unmapped: config?.unmapped ?? [],
  };
}

function settingsOf(held: FileConfig): readonly SettingLine[] {
  const { origins } = held;
  const keys = ['preset', 'failOn', 'shellcheck', 'inlineIgnores'] as const;
  return [
    ...keys.map((key) => ({ key, value: held[key] ?? defaults[key], from: origins.get(key) ?? 'default' })),
    ...[...(held.buildArgs ?? [])].map(([name, value]) => ({
      key: `buildArgs.${name}`,
      value,
      from: origins.get(`buildArgs.${name}`) ?? '',
    })),
  ];
}

function imageOf({ image, imageOrigins }: Config): readonly SettingLine[] {
  return Object.entries(image).map(([key, value]: [string, unknown]) => ({
    key,
    value: value instanceof Map ? Object.fromEntries(value) : value,
    from: imageOrigins.get(key) ?? '',
  }));
}

function licensesOf({ licenses, licenseOrigins }: Config): readonly SettingLine[] {
  return Object.entries(licenses).map(([key, value]) => ({ key, value, from: licenseOrigins?.get(key) ?? '' }));
}

function rulesOf(held: FileConfig, rules: readonly Rule[]): readonly RuleLevel[] {
  const preset = held.preset ?? 'recommended';
  const lines = [...held.rules.values()];
  const settings = new Map(lines.filter(({ id }) => !isShellCheckCode(id)).map((line) => [line.id, line]));
  const active = new Map(ruleSet(rules, { preset, settings }).active.map((each) => [each.rule.id, each]));
  const levels = rules.map(({ id, options }) => {
    const found = active.get(id);
    const said = settings.get(id);
    return {
      id,
      level: found?.severity ?? 'off',
      from: said?.origin ?? `preset ${preset}`,
      options: found && options ? found.options : null,
    };
  });
  const codes = lines.filter(({ id }) => isShellCheckCode(id));
  return [
    ...levels.sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...codes.map(({ id, level, origin }) => ({ id, level, from: origin, options: null })),
  ];
}
