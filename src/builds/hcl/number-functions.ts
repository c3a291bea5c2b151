import { type Call, number, ofNumber, ofNumbers, text, truth } from './arguments.ts';
import { areEqual, Unknown } from './value.ts';

/** Functions of numbers. */
export const numberFunctions: Readonly<Record<string, Call>> = {
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

/** Functions of truth. */
export const logicFunctions: Readonly<Record<string, Call>> = {
  and: (a, b) => truth(a) && truth(b),
  equal: (a = null, b = null) => areEqual(a, b),
  not: (value) => !truth(value),
  notequal: (a = null, b = null) => !areEqual(a, b),
  or: (a, b) => truth(a) || truth(b),
};
