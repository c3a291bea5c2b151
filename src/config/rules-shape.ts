import type { Rule } from '../lint/rule.ts';
import type { Level } from '../lint/rule-set.ts';
import { jsonSchema, type OptionTable, readOptions } from '../lint/schema.ts';
import { didYouMean } from '../suggest.ts';
import { type ConfigNode, type ConfigProblem, mismatchOf, plainValue, type TableNode } from './node.ts';
import { type Shape, tableEntries, unknownKey } from './shape.ts';

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

export const levels = ['error', 'warning', 'info', 'style', 'off', 'on'] as const;

/** `rules:` is a table of ids or aliases, each with a level, or a list of a level and a table of options. */
export function rulesShape(book: RuleBook): Shape<readonly RuleEntry[]> {
  const byName = namesOf(book.rules);
  return {
    read(node, problems) {
      const entries = tableEntries(node, problems);
      return entries?.flatMap((entry) => readEntry(entry, byName, book, problems) ?? []);
    },
    schema: () => ({
      type: 'object',
      properties: Object.fromEntries(
        [...byName].map(([name, rules]) => [
          rules.some(({ id }) => id === name) ? name : aliasOf(rules, name),
          ruleSchema(rules),
        ]),
      ),
      patternProperties: {
        '^SC\\d{4}$': { description: 'A code of ShellCheck.', ...levelSchema },
        '^[a-z0-9-]+/[a-z0-9-]+$': {
          description: 'A rule of a plugin.',
          anyOf: [levelSchema, listSchema({ type: 'object' })],
        },
      },
      additionalProperties: false,
    }),
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

function aliasOf(rules: readonly Rule[], name: string): string {
  return rules.flatMap(({ aliases = [] }) => aliases).find((alias) => alias.toLowerCase() === name) ?? name;
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

const levelSchema = { enum: [...levels, true, false] };

function listSchema(options: unknown) {
  return { type: 'array', minItems: 1, maxItems: 2, prefixItems: [levelSchema, options], items: false };
}

function ruleSchema(rules: readonly Rule[]) {
  const [rule] = rules;
  const description = rules
    .map(({ id, summary }) => (rules.length > 1 ? `${id}: ${summary}.` : `${summary}.`))
    .join(' ');
  const options = rules.length === 1 ? jsonSchema(rule?.options ?? {}) : { type: 'object' };
  return { description, anyOf: [levelSchema, listSchema(options)] };
}
