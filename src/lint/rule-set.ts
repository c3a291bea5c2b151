import { DlintError } from '../errors.ts';
import type { Severity } from '../report/finding.ts';
import { closest } from './closest.ts';
import type { Preset, Rule } from './rule.ts';
import { readOptions } from './schema.ts';

export type Level = Severity | 'off';

/** What a configuration says about one rule. */
export interface RuleSetting {
  /** `on` is the rule's own severity. */
  readonly level?: Level | 'on';
  readonly options?: unknown;
}

/** A rule with its severity and options, ready to run. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What to lint with. Made once for many files. */
export interface RuleSet {
  readonly active: readonly ActiveRule[];
  /** Every id and alias, lower case, with the ids of the rules behind it. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface RuleSetOptions {
  readonly preset?: Preset;
  /** By id or alias. Later entries beat earlier ones; an alias stands for all rules that bear it. */
  readonly settings?: ReadonlyMap<string, RuleSetting>;
}

/** Chooses rules and reads their options. Throws `E_CONFIG` for names and options that do not exist. */
export function ruleSet(
  rules: readonly Rule[],
  { preset = 'recommended', settings = new Map() }: RuleSetOptions = {},
): RuleSet {
  let made: RuleSet['names'] | undefined;
  const namesOf = (): RuleSet['names'] => {
    made ??= ruleNames(rules);
    return made;
  };
  const byRule = new Map<string, { level?: Level | 'on'; options?: unknown }>();
  for (const [name, { level, options }] of settings) {
    for (const id of rulesNamed(namesOf(), name)) {
      const before = byRule.get(id) ?? {};
      byRule.set(id, {
        ...before,
        ...(level === undefined ? {} : { level }),
        ...(options === undefined ? {} : { options }),
      });
    }
  }
  const active = rules.flatMap((rule) => {
    const setting = byRule.get(rule.id) ?? {};
    const severity = levelOf(rule, preset, setting.level);
    if (severity === 'off' && setting.options === undefined) return [];
    const given = withPreset(rule, preset, setting.options);
    const read = readOptions(rule.options ?? {}, given);
    if ('problems' in read) throw new DlintError('E_CONFIG', `rule ${rule.id}: ${read.problems.join('; ')}`);
    return severity === 'off' ? [] : [{ rule, severity, options: read.options }];
  });
  return {
    active,
    // Only files with suppressions ask for them.
    get names() {
      return namesOf();
    },
  };
}

/** What the user says, over what the preset says. */
function withPreset({ presetOptions = {} }: Rule, preset: Preset, given: unknown): unknown {
  const own = presetOptions[preset];
  if (own === undefined || given === undefined) return given ?? own;
  // What is no table is for readOptions to refuse.
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...own, ...given } : given;
}

/** Ids and aliases of rules, lower case: BuildKit compares without case, and so do we. */
function ruleNames(rules: readonly Rule[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { id, aliases = [] } of rules) {
    for (const name of [id, ...aliases]) {
      const key = name.toLowerCase();
      const ids = names.get(key);
      if (ids) ids.add(id);
      else names.set(key, new Set([id]));
    }
  }
  return names;
}

function rulesNamed(names: RuleSet['names'], name: string): Iterable<string> {
  const ids = names.get(name.toLowerCase());
  if (ids) return ids;
  const near = closest(name, [...names.keys()]);
  throw new DlintError('E_CONFIG', `there is no rule ${name}`, {
    hint: near ? `did you mean ${near}?` : 'dlint rules lists them all',
  });
}

/** The severity of a rule in a preset. */
export function presetLevel(rule: Rule, preset: Preset): Level {
  const { severity, presets = {} } = rule;
  switch (preset) {
    case 'recommended':
      return severity;
    case 'strict':
      return presets.strict ?? severity;
    case 'all':
      return firstOn([severity, presets.strict, presets.hadolint, presets.buildkit]) ?? 'info';
    default:
      return presets[preset] ?? 'off';
  }
}

function levelOf(rule: Rule, preset: Preset, level: Level | 'on' | undefined): Level {
  if (level === undefined) return presetLevel(rule, preset);
  return level === 'on' ? (firstOn([presetLevel(rule, preset), presetLevel(rule, 'all')]) ?? 'info') : level;
}

function firstOn(levels: readonly (Level | undefined)[]): Severity | undefined {
  return levels.find((level): level is Severity => level !== undefined && level !== 'off');
}
