import { type Call, Wrong } from './arguments.ts';
import { listFunctions } from './list-functions.ts';
import { logicFunctions, numberFunctions } from './number-functions.ts';
import { textFunctions } from './text-functions.ts';
import { Unknown, unknownIn, type Value } from './value.ts';

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

const functions: Readonly<Record<string, Call>> = {
  ...numberFunctions,
  ...logicFunctions,
  ...textFunctions,
  ...listFunctions,
};
