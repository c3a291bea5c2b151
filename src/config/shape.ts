import { didYouMean } from '../suggest.ts';
import { type ConfigNode, type ConfigProblem, mismatchOf, type TableNode } from './node.ts';

/**
 * What may stand at a place of a configuration: it reads a node into a value, and documents itself as JSON Schema.
 * `read` gives undefined after reporting a problem.
 */
export interface Shape<T> {
  read(node: ConfigNode, problems: ConfigProblem[]): T | undefined;
  /** JSON Schema, draft 2020-12. */
  schema(): JsonSchema;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

type ValueOf<S> = S extends Shape<infer T> ? T : never;

/** A key of a table. */
export interface Field<T> {
  readonly shape: Shape<T>;
  readonly description: string;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a table of these fields gives: a key that is not there, or is wrong, is absent. */
export type TableOf<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Field<infer T> ? T : never };

export function field<T>(shape: Shape<T>, description: string): Field<T> {
  return { shape, description };
}

/** A scalar of one kind; `expected` finishes the sentence "must be …". */
export function scalar<T>(
  expected: string,
  schema: JsonSchema,
  read: (value: string | number | boolean | null) => T | undefined,
): Shape<T> {
  return {
    read(node, problems) {
      const value = node.kind === 'scalar' ? read(node.value) : undefined;
      if (value === undefined) problems.push(mismatchOf(node, expected));
      return value;
    },
    schema: () => schema,
  };
}

export const flag: Shape<boolean> = scalar('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
);

export const text: Shape<string> = scalar('a text', { type: 'string', minLength: 1 }, (value) =>
  typeof value === 'string' && value !== '' ? value : undefined,
);

export function whole(minimum: number, maximum: number): Shape<number> {
  const schema = { type: 'integer', minimum, maximum };
  return scalar(`a whole number from ${minimum} to ${maximum}`, schema, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum ? value : undefined,
  );
}

/** One of some words; a wrong one gets the nearest. */
export function choice<const T extends string>(choices: readonly T[]): Shape<T> {
  return {
    read(node, problems) {
      const value = node.kind === 'scalar' ? choices.find((each) => each === node.value) : undefined;
      if (value !== undefined) return value;
      const near = node.kind === 'scalar' && typeof node.value === 'string' && didYouMean(node.value, choices);
      problems.push({ ...mismatchOf(node, `one of ${choices.join(', ')}`), ...(near && { hint: near }) });
      return undefined;
    },
    schema: () => ({ enum: choices }),
  };
}

/** A list; a single value that is no list stands for a list of one. */
export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return {
    read(node, problems) {
      const items = node.kind === 'list' ? node.items : [node];
      const values = items.map((item) => of.read(item, problems));
      return values.some((value) => value === undefined) ? undefined : (values as T[]);
    },
    schema: () => ({ anyOf: [of.schema(), { type: 'array', items: of.schema() }] }),
  };
}

/** Any names, each with a value of one shape. */
export function mapOf<T>(of: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return {
    read(node, problems) {
      const entries = tableEntries(node, problems);
      const values = entries?.map(({ key, value }) => [key, of.read(value, problems)] as const);
      return values?.some(([, value]) => value === undefined) ? undefined : values && new Map(values as [string, T][]);
    },
    schema: () => ({ type: 'object', additionalProperties: of.schema() }),
  };
}

/** A table with known keys; what is wrong with one does not hide what is wrong with the others. */
export function table<const F extends Fields>(fields: F): Shape<TableOf<F>> {
  return {
    read(node, problems) {
      const entries = tableEntries(node, problems);
      if (!entries) return undefined;
      const values: Record<string, unknown> = {};
      for (const { key, at, value } of entries) {
        const known = Object.hasOwn(fields, key) ? fields[key] : undefined;
        // A key whose lines below it are all comments.
        const isOpen = value.kind === 'scalar' && value.value === null;
        const read = isOpen ? undefined : known?.shape.read(value, problems);
        if (!known) problems.push(unknownKey(key, at, Object.keys(fields)));
        else if (read !== undefined) values[key] = read;
      }
      return values as TableOf<F>;
    },
    schema: () => ({ type: 'object', additionalProperties: false, properties: properties(fields) }),
  };
}

export function properties(fields: Fields): JsonSchema {
  return Object.fromEntries(
    Object.entries(fields).map(([key, { shape, description }]) => [key, { description, ...shape.schema() }]),
  );
}

/** One of several shapes, told apart by what kind of node stands there. */
export function either<const S extends Partial<Record<ConfigNode['kind'], Shape<unknown>>>>(
  expected: string,
  shapes: S,
): Shape<ValueOf<S[keyof S]>> {
  return {
    read(node, problems) {
      const shape = shapes[node.kind];
      if (!shape) problems.push(mismatchOf(node, expected));
      return shape?.read(node, problems) as ValueOf<S[keyof S]> | undefined;
    },
    schema: () => ({ anyOf: Object.values(shapes).map((shape) => shape.schema()) }),
  };
}

/** The entries of a table; a problem for what is none. */
export function tableEntries(node: ConfigNode, problems: ConfigProblem[]): TableNode['entries'] | undefined {
  if (node.kind === 'table') return node.entries;
  problems.push(mismatchOf(node, 'a table of names and values'));
  return undefined;
}

/** A key that is not among `keys`, with the one that may be meant. */
export function unknownKey(key: string, at: number, keys: readonly string[]): ConfigProblem {
  const hint = didYouMean(key, keys) ?? `there are ${keys.join(', ')}`;
  return { at, message: `there is no key ${key} here`, hint, unknownName: key };
}
