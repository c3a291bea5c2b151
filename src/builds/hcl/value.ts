/** What an expression comes to. */
export type Value = string | number | boolean | null | readonly Value[] | ReadonlyMap<string, Value> | Unknown;

/** What cannot be known here, and why: `TAG is not set`. */
export class Unknown {
  readonly what: string;
  readonly hint: string | undefined;

  constructor(what: string, hint?: string) {
    this.what = what;
    this.hint = hint;
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isTable(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** The first thing in it that is not known. */
export function unknownIn(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (!isList(value) && !isTable(value)) return undefined;
  for (const each of value.values()) {
    const found = unknownIn(each);
    if (found) return found;
  }
  return undefined;
}

/** As a template writes it. */
export function textOfValue(value: Value): string | Unknown {
  if (value instanceof Unknown) return value;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return new Unknown(`${value === null ? 'null' : isList(value) ? 'a list' : 'a table'} stands where a text belongs`);
}

export function numberOfValue(value: Value): number | Unknown {
  if (value instanceof Unknown) return value;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number)
    ? number
    : new Unknown('something else stands where a number belongs');
}

export function truthOfValue(value: Value): boolean | Unknown {
  if (typeof value === 'boolean' || value instanceof Unknown) return value;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return new Unknown('something else stands where true or false belongs');
}

/** Values of different types differ. */
export function areEqual(a: Value, b: Value): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, i) => areEqual(each, b[i] as Value));
  if (isTable(a) && isTable(b)) {
    return a.size === b.size && [...a].every(([key, each]) => b.has(key) && areEqual(each, b.get(key) as Value));
  }
  return a === b;
}

/** A list of the elements; undefined for what has none. */
export function elementsOf(value: Value): readonly Value[] | undefined {
  if (isList(value)) return value;
  return isTable(value) ? [...value.values()] : undefined;
}

/** As JSON.stringify takes it. */
export function plain(value: Value): unknown {
  if (isList(value)) return value.map(plain);
  return isTable(value) ? Object.fromEntries([...value].map(([key, each]) => [key, plain(each)])) : value;
}
