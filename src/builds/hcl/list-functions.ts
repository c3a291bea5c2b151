import { bounded, type Call, chained, list, maxItems, number, table, text, Wrong } from './arguments.ts';
import { areEqual, elementsOf, isList, isTable, plain, Unknown, type Value } from './value.ts';

/** Functions of lists and tables. */
export const listFunctions: Readonly<Record<string, Call>> = {
  coalesce: (...args) => first(args, (value) => value !== null && value !== ''),
  coalescelist: (...args) => first(args, (value) => (elementsOf(value)?.length ?? 0) > 0),
  compact: (values) => list(values).filter((value) => value !== '' && value !== null),
  concat: (...lists) => chained(lists.map(list)),
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
  setunion: (...lists) => distinct(chained(lists.map(list))),
  slice: (values, from, to) => list(values).slice(number(from), number(to)),
  sort: (values) => list(values).map(text).sort(),
  values: (values) => [...table(values)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
  zipmap: (keys, values) => new Map(list(keys).map((key, i) => [text(key), list(values)[i] ?? null])),
};

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
