import type { Rule } from '../lint/rule.ts';
import type { Level } from '../lint/rule-set.ts';
import { jsonSchema, type OptionTable, readOptions } from '../lint/schema.ts';
import { didYouMean } from '../suggest.ts';
import { type ConfigNode, type ConfigProblem, mismatchOf, plainValue, type TableNode } from './node.ts';
import { type JsonSchema, type Shape, tableEntries, unknownKey } from './shape.ts';

/** What `rules:` says about one rule or code. */
export interface RuleEntry {
  /** Ids of rules, or one code of ShellCheck. */
  readonly ids: readonly string[];
  readonly level: Level | 'on';
  readonly options?: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** The rules that a configuration may name. */
export interface RuleBook {
  readonly rules: readonly Rule[];
  /** Rules of plugins that are not loaded are not held against a configuration. */
  readonly hasAllPlugins: boolean;
}

const levels = ['error', 'warning', 'info', 'style', 'off', 'on'] as const;

/** `rules:` is a table of ids or aliases, each with a level, or a list of a level and a table of options. */
export function rulesShape(book: RuleBook): Shape<readonly RuleEntry[]> {
  const byName = namesOf(book.rules);
  return {
    read(node, problems) {
      const entries = tableEntries(node, problems);
      return entries?.flatMap((entry) => readEntry(entry, byName, book, problems) ?? []);
    },
    schema: () => ({ $ref: '#/$defs/rules' }),
  };
}

function namesOf(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const names = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const name of [rule.id, ...(rule.aliases ?? [])]) {
      const key = name.toLowerCase();
      names.set(key, [...(names.get(key) ?? []), rule]);
    }
  }
  return names;
}

function readEntry(
  { key, at, value }: TableNode['entries'][number],
  byName: ReadonlyMap<string, readonly Rule[]>,
  { rules: all, hasAllPlugins }: RuleBook,
  problems: ConfigProblem[],
): RuleEntry | undefined {
  const rules = byName.get(key.toLowerCase());
  const isCode = /^SC\d{4}$/i.test(key);
  if (!rules && !isCode) {
    if (key.includes('/') && !hasAllPlugins) return undefined;
    const names = all.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    problems.push({ at, message: `there is no rule ${key}`, hint: didYouMean(key, names) ?? 'dlint rules lists them' });
    return undefined;
  }
  const setting = readSetting(value, problems);
  if (!setting) return undefined;
  if (setting.options) {
    if (!rules) problems.push({ at: setting.options.at, message: 'codes of ShellCheck have no options' });
    const before = problems.length;
    for (const { id, options = {} } of rules ?? []) checkOptions(id, options, setting.options, problems);
    if (problems.length > before) return undefined;
  }
  const ids = rules?.map(({ id }) => id) ?? [key.toUpperCase()];
  const options = setting.options && (plainValue(setting.options) as Readonly<Record<string, unknown>>);
  return { ids, level: setting.level, at, ...(options && { options }) };
}

function readSetting(
  node: ConfigNode,
  problems: ConfigProblem[],
): { level: Level | 'on'; options?: TableNode } | undefined {
  if (node.kind === 'scalar') {
    const level = readLevel(node, problems);
    return level && { level };
  }
  const [first, options, rest] = node.kind === 'list' ? node.items : [];
  if (!first || rest || (options && options.kind !== 'table')) {
    const hint = 'write warning, or [warning, { option: value }]';
    problems.push({ ...mismatchOf(node, 'a level, or a list of a level and a table of options'), hint });
    return undefined;
  }
  const level = readLevel(first, problems);
  return level && { level, ...(options && { options }) };
}

/** YAML 1.1 and JSON write `off` and `on` as false and true. */
function readLevel(node: ConfigNode, problems: ConfigProblem[]): Level | 'on' | undefined {
  const value = node.kind === 'scalar' ? node.value : undefined;
  const word = value === false ? 'off' : value === true ? 'on' : value;
  const level = levels.find((each) => each === word);
  if (level) return level;
  const near =
    typeof word === 'string' ? (word === 'ignore' ? 'did you mean off?' : didYouMean(word, levels)) : undefined;
  problems.push({ ...mismatchOf(node, `one of ${levels.join(', ')}`), ...(near && { hint: near }) });
  return undefined;
}

function checkOptions(id: string, known: OptionTable, given: TableNode, problems: ConfigProblem[]): void {
  const names = Object.keys(known);
  for (const { key, at, value } of given.entries) {
    if (!Object.hasOwn(known, key)) {
      const { hint } = unknownKey(key, at, names);
      problems.push({
        at,
        message: `rule ${id} has no option ${key}`,
        hint: names.length === 0 ? `it has none: dlint explain ${id}` : (hint ?? ''),
      });
      continue;
    }
    const read = readOptions(known, { [key]: plainValue(value) });
    if ('problems' in read) problems.push({ at: value.at, message: `rule ${id}: ${read.problems.join('; ')}` });
  }
}

/** What `rulesShape` refers to: `$defs` of the schema. */
export function rulesDefinitions({ rules }: RuleBook): JsonSchema {
  const named = [...namesOf(rules)].map(([name, bearers]) => [properName(bearers, name), ruleSchema(bearers)] as const);
  return {
    level: { description: 'on: the severity of its own. false and true: off and on.', enum: [...levels, true, false] },
    setting: { anyOf: [level, listSchema({ type: 'object' })] },
    plain: { anyOf: [level, { type: 'array', prefixItems: [level], minItems: 1, items: false }] },
    rules: {
      type: 'object',
      properties: Object.fromEntries(named),
      patternProperties: {
        '^SC\\d{4}$': { description: 'A code of ShellCheck.', ...level },
        '^[a-z0-9-]+/[a-z0-9-]+$': { description: 'A rule of a plugin.', $ref: '#/$defs/setting' },
      },
      additionalProperties: false,
    },
  };
}

const level = { $ref: '#/$defs/level' };

function listSchema(options: unknown) {
  return { type: 'array', minItems: 1, prefixItems: [level, options], items: false };
}

function properName(rules: readonly Rule[], name: string): string {
  const names = rules.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  return names.find((each) => each.toLowerCase() === name) ?? name;
}

function ruleSchema(rules: readonly Rule[]): JsonSchema {
  const [rule] = rules;
  const description = rules
    .map(({ id, summary }) => (rules.length > 1 ? `${id}: ${summary}.` : `${summary}.`))
    .join(' ');
  if (rules.length > 1) return { description, $ref: '#/$defs/setting' };
  if (!rule?.options) return { description, $ref: '#/$defs/plain' };
  return { description, anyOf: [level, listSchema(jsonSchema(rule.options))] };
}
