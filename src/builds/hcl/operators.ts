import { areEqual, isList, isTable, numberOfValue, truthOfValue, Unknown, unknownIn, type Value } from './value.ts';

/** An element of a list or table. */
export function lookUp(value: Value, key: Value): Value {
  if (value instanceof Unknown) return value;
  if (key instanceof Unknown) return key;
  const found = isTable(value) ? value.get(String(key)) : isList(value) ? value[Number(key)] : undefined;
  return found === undefined ? new Unknown(`there is no element ${String(key)}`) : found;
}

/** `-` of a number, `!` of a truth. */
export function negate(operator: '-' | '!', value: Value): Value {
  const operand = operator === '-' ? numberOfValue(value) : truthOfValue(value);
  if (operand instanceof Unknown) return operand;
  return operator === '-' ? -operand : !operand;
}

/** What two values come to; the weaker side of `&&` and `||` need not be known. */
export function operate(operator: string, left: Value, right: Value): Value {
  if (operator === '==' || operator === '!=') {
    const unknown = unknownIn(left) ?? unknownIn(right);
    return unknown ?? areEqual(left, right) === (operator === '==');
  }
  if (operator === '&&' || operator === '||') return combine(operator, truthOfValue(left), truthOfValue(right));
  const [a, b] = [numberOfValue(left), numberOfValue(right)];
  if (a instanceof Unknown) return a;
  if (b instanceof Unknown) return b;
  const result = arithmetic[operator]?.(a, b);
  return result === undefined || Number.isNaN(result) ? new Unknown(`${operator} has no result here`) : result;
}

/** One side may decide whatever the other is. */
function combine(operator: '&&' | '||', a: boolean | Unknown, b: boolean | Unknown): Value {
  const decides = operator === '||';
  if (a === decides || b === decides) return decides;
  if (a instanceof Unknown) return a;
  return b instanceof Unknown ? b : !decides;
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
  '%': (a, b) => (b === 0 ? Number.NaN : a % b),
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};
