import { elementsOf, isTable, numberOfValue, textOfValue, truthOfValue, Unknown, type Value } from './value.ts';

/** A function of the standard library. */
export type Call = (...args: Value[]) => Value;

/** An argument that is not of the type it has to be, or a result that becomes too long. */
export class Wrong extends Error {}

/** Of a text that a function gives, in UTF-16 units. */
const maxLength = 1024 * 1024;
/** Of a list that a function gives. */
export const maxItems = 10_000;
const tooLong = 'the result is too long';

export function text(value: Value | undefined): string {
  return must(value === undefined ? undefined : textOfValue(value), 'a text');
}

export function number(value: Value | undefined): number {
  return must(value === undefined ? undefined : numberOfValue(value), 'a number');
}

export function truth(value: Value | undefined): boolean {
  return must(value === undefined ? undefined : truthOfValue(value), 'true or false');
}

export function list(value: Value | undefined): readonly Value[] {
  return must(value === undefined ? undefined : elementsOf(value), 'a list');
}

export function table(value: Value | undefined): ReadonlyMap<string, Value> {
  return must(value !== undefined && isTable(value) ? value : undefined, 'a table');
}

function must<T>(value: T | Unknown | undefined, what: string): T {
  if (value === undefined || value instanceof Unknown) throw new Wrong(`${what} is missing`);
  return value;
}

/** @throws Wrong for what becomes too long */
export function bounded<T extends { readonly length: number }>(value: T): T {
  if (value.length > (typeof value === 'string' ? maxLength : maxItems)) throw new Wrong(tooLong);
  return value;
}

/**
 * Texts as one. Its length is known before it is made: what would come out may be longer than memory.
 * @throws Wrong for what becomes too long
 */
export function joined(pieces: readonly string[], separator: string): string {
  const length = pieces.reduce((sum, piece) => sum + piece.length, separator.length * (pieces.length - 1));
  if (length > maxLength) throw new Wrong(tooLong);
  return pieces.join(separator);
}

/**
 * Lists as one.
 * @throws Wrong for what becomes too long
 */
export function chained(lists: readonly (readonly Value[])[]): readonly Value[] {
  if (lists.reduce((sum, { length }) => sum + length, 0) > maxItems) throw new Wrong(tooLong);
  return lists.flat();
}

export const ofText =
  (change: (value: string) => string | number): Call =>
  (value) =>
    change(text(value));
export const ofNumber =
  (change: (value: number) => number): Call =>
  (value) =>
    change(number(value));
export const ofNumbers =
  (change: (a: number, b: number) => number | boolean): Call =>
  (a, b) => {
    const result = change(number(a), number(b));
    return Number.isNaN(result) ? new Unknown('a number that is none') : result;
  };
