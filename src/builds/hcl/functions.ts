import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import {
  areEqual,
  elementsOf,
  isList,
  isTable,
  numberOfValue,
  textOfValue,
  truthOfValue,
  Unknown,
  unknownIn,
  type Value,
} from './value.ts';

/**
 * Bake's standard library, as far as its results are the same everywhere and at any time: `timestamp()` and the like are
 * not known, and regular expressions, which others may have written to last, are not run.
 */
export function callFunction(name: string, args: readonly Value[]): Value {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!known) return new Unknown(`${name}() is not computed here`, 'docker buildx bake --print gives the values');
  if (name === 'coalesce' || name === 'coalescelist') return known(...args);
  for (const arg of args) if (arg instanceof Unknown) return arg;
  const deep = unaware.has(name) ? undefined : args.map(unknownIn).find((each) => each !== undefined);
  if (deep) return deep;
  try {
    return known(...args);
  } catch (error) {
    if (error instanceof Wrong) return new Unknown(`${name}(): ${error.message}`);
    throw error;
  }
}

/** An argument that is not of the type it has to be. */
class Wrong extends Error {}

/** They move values around, known or not. */
const unaware = new Set([
  'concat',
  'merge',
  'element',
  'index',
  'keys',
  'length',
  'lookup',
  'reverse',
  'reverselist',
  'slice',
  'values',
  'zipmap',
]);

const maxLength = 1024 * 1024;
const maxItems = 10_000;

type Call = (...args: Value[]) => Value;

function text(value: Value | undefined): string {
  return must(value === undefined ? undefined : textOfValue(value), 'a text');
}

function number(value: Value | undefined): number {
  return must(value === undefined ? undefined : numberOfValue(value), 'a number');
}

function truth(value: Value | undefined): boolean {
  return must(value === undefined ? undefined : truthOfValue(value), 'true or false');
}

function list(value: Value | undefined): readonly Value[] {
  return must(value === undefined ? undefined : elementsOf(value), 'a list');
}

function table(value: Value | undefined): ReadonlyMap<string, Value> {
  return must(value !== undefined && isTable(value) ? value : undefined, 'a table');
}

function must<T>(value: T | Unknown | undefined, what: string): T {
  if (value === undefined || value instanceof Unknown) throw new Wrong(`${what} is missing`);
  return value;
}

/** @throws Wrong for what becomes too long */
function bounded<T extends { readonly length: number }>(value: T): T {
  if (value.length > (typeof value === 'string' ? maxLength : maxItems)) throw new Wrong('the result is too long');
  return value;
}

const ofText =
  (change: (value: string) => string | number): Call =>
  (value) =>
    change(text(value));
const ofNumber =
  (change: (value: number) => number): Call =>
  (value) =>
    change(number(value));
const ofNumbers =
  (change: (a: number, b: number) => number | boolean): Call =>
  (a, b) => {
    const result = change(number(a), number(b));
    return Number.isNaN(result) ? new Unknown('a number that is none') : result;
  };
const hash = (algorithm: string): Call => ofText((value) => createHash(algorithm).update(value).digest('hex'));

const numbers: Readonly<Record<string, Call>> = {
  absolute: ofNumber(Math.abs),
  add: ofNumbers((a, b) => a + b),
  ceil: ofNumber(Math.ceil),
  divide: ofNumbers((a, b) => (b === 0 ? Number.NaN : a / b)),
  floor: ofNumber(Math.floor),
  greaterthan: ofNumbers((a, b) => a > b),
  greaterthanorequalto: ofNumbers((a, b) => a >= b),
  int: ofNumber(Math.trunc),
  lessthan: ofNumbers((a, b) => a < b),
  lessthanorequalto: ofNumbers((a, b) => a <= b),
  max: (...args) => args.reduce<number>((most, each) => Math.max(most, number(each)), Number.NEGATIVE_INFINITY),
  min: (...args) => args.reduce<number>((least, each) => Math.min(least, number(each)), Number.POSITIVE_INFINITY),
  modulo: ofNumbers((a, b) => (b === 0 ? Number.NaN : a % b)),
  multiply: ofNumbers((a, b) => a * b),
  negate: ofNumber((value) => -value),
  parseint: (value, base) => {
    const parsed = Number.parseInt(text(value), number(base));
    return Number.isNaN(parsed) ? new Unknown('parseint(): no number') : parsed;
  },
  pow: ofNumbers((a, b) => a ** b),
  signum: ofNumber(Math.sign),
  subtract: ofNumbers((a, b) => a - b),
};

const logic: Readonly<Record<string, Call>> = {
  and: (a, b) => truth(a) && truth(b),
  equal: (a = null, b = null) => areEqual(a, b),
  not: (value) => !truth(value),
  notequal: (a = null, b = null) => !areEqual(a, b),
  or: (a, b) => truth(a) || truth(b),
};

const texts: Readonly<Record<string, Call>> = {
  base64decode: ofText((value) => Buffer.from(value, 'base64').toString('utf8')),
  base64encode: ofText((value) => Buffer.from(value).toString('base64')),
  basename: ofText((value) => posix.basename(value)),
  chomp: ofText((value) => value.replace(/[\r\n]{1,1000}$/, '')),
  dirname: ofText((value) => posix.dirname(value)),
  format: (pattern, ...args) => format(text(pattern), args),
  indent: (spaces, value) => bounded(text(value).replaceAll('\n', `\n${' '.repeat(Math.min(1000, number(spaces)))}`)),
  join: (separator, ...lists) => bounded(lists.flatMap(list).map(text).join(text(separator))),
  jsonencode: (value = null) => bounded(JSON.stringify(plain(value))),
  lower: ofText((value) => value.toLowerCase()),
  md5: hash('md5'),
  replace: (value, from, to) => bounded(text(value).replaceAll(text(from), () => text(to))),
  sanitize: ofText((value) => value.replace(/[^a-zA-Z0-9_-]/g, '_')),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
  sha512: hash('sha512'),
  split: (separator, value) => bounded(text(value).split(text(separator))),
  strlen: ofText((value) => [...value].length),
  substr: (value, offset, length) => substring([...text(value)], number(offset), number(length)),
  title: ofText((value) =>
    value.replace(/(^|\s)(\S)/g, (_, before: string, first: string) => before + first.toUpperCase()),
  ),
  trim: (value, cutset) => trimmed(text(value), text(cutset)),
  trimprefix: (value, prefix) =>
    text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value),
  trimspace: ofText((value) => value.trim()),
  trimsuffix: (value, suffix) =>
    text(value).endsWith(text(suffix)) ? text(value).slice(0, text(value).length - text(suffix).length) : text(value),
  upper: ofText((value) => value.toUpperCase()),
  urlencode: ofText((value) => encodeURIComponent(value).replaceAll('%20', '+')),
};

const collections: Readonly<Record<string, Call>> = {
  coalesce: (...args) => first(args, (value) => value !== null && value !== ''),
  coalescelist: (...args) => first(args, (value) => (elementsOf(value)?.length ?? 0) > 0),
  compact: (values) => list(values).filter((value) => value !== '' && value !== null),
  concat: (...lists) => bounded(lists.flatMap(list)),
  contains: (values, value = null) => list(values).some((each) => areEqual(each, value)),
  distinct: (values) => distinct(list(values)),
  element: (values, at) => {
    const all = list(values);
    return all[((number(at) % all.length) + all.length) % all.length] ?? new Unknown('element(): the list is empty');
  },
  flatten: (values) => flatten(list(values)),
  index: (values, key) => {
    const found = values !== undefined && isTable(values) ? values.get(text(key)) : list(values)[number(key)];
    return found === undefined ? new Unknown('index(): there is no such element') : found;
  },
  indexof: (values, value = null) => list(values).findIndex((each) => areEqual(each, value)),
  keys: (values) => [...table(values).keys()].sort(),
  length: (values) => list(values).length,
  lookup: (values, key, otherwise) => table(values).get(text(key)) ?? otherwise ?? new Unknown('lookup(): no such key'),
  merge: (...tables) => new Map(tables.filter((each) => each !== null).flatMap((each) => [...table(each)])),
  range: (...args) => range(args.map(number)),
  reverse: (values) => (typeof values === 'string' ? [...values].reverse().join('') : [...list(values)].reverse()),
  reverselist: (values) => [...list(values)].reverse(),
  setintersection: (values, ...others) =>
    distinct(list(values).filter((each) => others.every((other) => list(other).some((one) => areEqual(one, each))))),
  setproduct: (...lists) => product(lists.map(list)),
  setsubtract: (values, others) =>
    distinct(list(values).filter((each) => !list(others).some((one) => areEqual(one, each)))),
  setunion: (...lists) => distinct(lists.flatMap(list)),
  slice: (values, from, to) => list(values).slice(number(from), number(to)),
  sort: (values) => list(values).map(text).sort(),
  values: (values) => [...table(values)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
  zipmap: (keys, values) => new Map(list(keys).map((key, i) => [text(key), list(values)[i] ?? null])),
};

const functions: Readonly<Record<string, Call>> = { ...numbers, ...logic, ...texts, ...collections };

/** What stands before the first that counts decides, so it has to be known. */
function first(values: readonly Value[], counts: (value: Value) => boolean): Value {
  return values.find((value) => value instanceof Unknown || counts(value)) ?? null;
}

function distinct(values: readonly Value[]): readonly Value[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const key = JSON.stringify(plain(value));
    return !seen.has(key) && seen.add(key);
  });
}

function flatten(values: readonly Value[]): readonly Value[] {
  return bounded(values.flatMap((value) => (isList(value) ? flatten(value) : [value])));
}

function product(lists: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  const size = lists.reduce((sum, { length }) => sum * length, 1);
  if (size > maxItems) throw new Wrong(`more than ${maxItems} combinations`);
  return lists.reduce<readonly (readonly Value[])[]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

function range(bounds: readonly number[]): readonly number[] {
  const [from, to, step] =
    bounds.length === 1 ? [0, bounds[0] as number, 1] : [bounds[0] ?? 0, bounds[1] ?? 0, bounds[2] ?? 1];
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  if (count > maxItems) throw new Wrong('the result is too long');
  return Array.from({ length: count }, (_, i) => from + i * step);
}

function substring(letters: readonly string[], offset: number, length: number): string {
  const from = offset < 0 ? letters.length + offset : offset;
  return letters.slice(from, length < 0 ? undefined : from + length).join('');
}

function trimmed(value: string, cutset: string): string {
  const letters = [...value];
  let start = 0;
  let end = letters.length;
  while (start < end && cutset.includes(letters[start] as string)) start++;
  while (end > start && cutset.includes(letters[end - 1] as string)) end--;
  return letters.slice(start, end).join('');
}

/** `%s`, `%d`, `%v`, `%q`, `%t`, `%%`; widths and the like are left to those who print. */
function format(pattern: string, args: readonly Value[]): string {
  let at = 0;
  return bounded(
    pattern.replace(/%(?:[-+ #0-9.[\]]{0,20})(.)/g, (all, verb: string) => {
      if (all === '%%') return '%';
      if (!'sdvqt'.includes(verb) || all.length > 2) throw new Wrong(`${all} is not written here`);
      const value = text(args[at++]);
      return verb === 'q' ? JSON.stringify(value) : value;
    }),
  );
}

function plain(value: Value): unknown {
  if (isList(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries([...value].map(([key, each]) => [key, plain(each)])) : value;
}
