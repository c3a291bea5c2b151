/**
 * Options of rules: plain data that validates, documents and types them. Written by hand, because a validation
 * library costs more start-up time than all rules together.
 */
export type Option<T = unknown> = {
  readonly description: string;
  readonly default: T;
} & Shape;

type Shape =
  | { readonly type: 'boolean' }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'string' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'strings' }
  | { readonly type: 'record'; readonly choices?: readonly string[] };

/** The options of one rule by name. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What a rule's check gets: every option, given or default. */
export type OptionsOf<T extends OptionTable> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never };

export function flagOption(fallback: boolean, description: string): Option<boolean> {
  return { type: 'boolean', default: fallback, description };
}

export function integerOption(fallback: number, minimum: number, maximum: number, description: string): Option<number> {
  return { type: 'integer', default: fallback, minimum, maximum, description };
}

export function stringOption(fallback: string, description: string): Option<string> {
  return { type: 'string', default: fallback, description };
}

export function choiceOption<const T extends string>(
  choices: readonly T[],
  fallback: T,
  description: string,
): Option<T> {
  return { type: 'choice', choices, default: fallback, description };
}

export function stringsOption(fallback: readonly string[], description: string): Option<readonly string[]> {
  return { type: 'strings', default: fallback, description };
}

/** Names to texts; with `choices`, to one of these. */
export function recordOption<const T extends string = string>(
  description: string,
  choices?: readonly T[],
): Option<Readonly<Record<string, T>>> {
  return { type: 'record', default: {}, description, ...(choices ? { choices } : {}) };
}

export type OptionsResult =
  | { readonly options: Readonly<Record<string, unknown>> }
  | { readonly problems: readonly string[] };

/** Fills in defaults, or says what is wrong: one clause for each problem, without a full stop. */
export function readOptions(table: OptionTable, given: unknown): OptionsResult {
  const options: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) options[name] = option.default;
  if (given === undefined) return { options };
  if (!isRecord(given)) return { problems: ['options must be a table of names and values'] };
  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    const expected = option && expectation(option, value);
    if (!option) problems.push(`there is no option ${name}${namesHint(Object.keys(table))}`);
    else if (expected) problems.push(`option ${name} must be ${expected}`);
    else options[name] = value;
  }
  return problems.length > 0 ? { problems } : { options };
}

function namesHint(names: readonly string[]): string {
  return names.length === 0 ? '; this rule has none' : `; there is ${names.join(', ')}`;
}

/** What should have been given; undefined when the value fits. */
function expectation(option: Option, value: unknown): string | undefined {
  switch (option.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'integer': {
      const { minimum, maximum } = option;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
      return fits ? undefined : `a whole number from ${minimum} to ${maximum}`;
    }
    case 'string':
      return typeof value === 'string' ? undefined : 'a text';
    case 'choice':
      return typeof value === 'string' && option.choices.includes(value)
        ? undefined
        : `one of ${option.choices.join(', ')}`;
    case 'strings':
      return Array.isArray(value) && value.every((each) => typeof each === 'string') ? undefined : 'a list of texts';
    case 'record': {
      const { choices } = option;
      const fits = (each: unknown): boolean => typeof each === 'string' && (!choices || choices.includes(each));
      if (isRecord(value) && Object.values(value).every(fits)) return undefined;
      return choices ? `a table of names, each with one of ${choices.join(', ')}` : 'a table of names and texts';
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The options as JSON Schema (draft 2020-12), for editors. */
export function jsonSchema(table: OptionTable): Readonly<Record<string, unknown>> {
  const properties = Object.fromEntries(Object.entries(table).map(([name, option]) => [name, optionSchema(option)]));
  return { type: 'object', additionalProperties: false, properties };
}

function optionSchema(option: Option): Readonly<Record<string, unknown>> {
  const { description, default: fallback } = option;
  const text = { type: 'string' };
  switch (option.type) {
    case 'choice':
      return { enum: option.choices, description, default: fallback };
    case 'strings':
      return { type: 'array', items: text, description, default: fallback };
    case 'record':
      return {
        type: 'object',
        additionalProperties: option.choices ? { enum: option.choices } : text,
        description,
        default: fallback,
      };
    case 'integer':
      return { type: 'integer', minimum: option.minimum, maximum: option.maximum, description, default: fallback };
    default:
      return { type: option.type, description, default: fallback };
  }
}
