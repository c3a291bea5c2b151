import { callFunction } from './functions.ts';
import type { Expression, ForExpression } from './syntax.ts';
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

/** What names and functions stand for. */
export interface Scope {
  name(name: string): Value | undefined;
  /** A function that the file defines itself. */
  call(name: string, args: readonly Value[]): Value | undefined;
}

/** So much is computed for one file: loops in loops have no bound of their own. */
const maxSteps = 200_000;
/** Of a text that is put together, in UTF-16 units. */
const maxText = 1024 * 1024;
/** Of all texts that functions give, together. */
const maxWritten = 64 * maxText;
const maxDepth = 200;

/** Computes expressions ("Expressions"); what is wrong in one is not known, and says why. */
export class Evaluator {
  #steps = 0;
  #depth = 0;
  #written = 0;

  evaluate(expression: Expression, scope: Scope): Value {
    if (++this.#steps > maxSteps || this.#depth >= maxDepth) return new Unknown('the file computes too much');
    this.#depth++;
    const value = this.#compute(expression, scope);
    this.#depth--;
    return value;
  }

  #compute(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'template':
        return this.#template(expression.parts, scope);
      case 'name': {
        const value = scope.name(expression.name);
        return value === undefined ? new Unknown(`there is no variable ${expression.name}`) : value;
      }
      case 'index':
        return lookUp(this.evaluate(expression.of, scope), this.evaluate(expression.key, scope));
      case 'splat':
        return this.#splat(expression.of, expression.path, scope);
      case 'call':
        return this.#call(expression, scope);
      case 'list':
        return expression.items.map((item) => this.evaluate(item, scope));
      case 'object':
        return this.#object(expression, scope);
      case 'for':
        return this.#for(expression, scope);
      case 'join':
        return this.#joined(this.#for(expression.of, scope));
      case 'unary':
        return negate(expression.operator, this.evaluate(expression.of, scope));
      case 'binary':
        return operate(
          expression.operator,
          this.evaluate(expression.left, scope),
          this.evaluate(expression.right, scope),
        );
      case 'if': {
        const test = truthOfValue(this.evaluate(expression.test, scope));
        if (test instanceof Unknown) return test;
        return this.evaluate(test ? expression.yes : expression.no, scope);
      }
    }
  }

  #template(parts: readonly Expression[], scope: Scope): Value {
    const [only] = parts;
    if (only && parts.length === 1) return this.evaluate(only, scope);
    return this.#joined(parts.map((part) => this.evaluate(part, scope)));
  }

  #joined(values: Value): Value {
    if (!isList(values)) return values;
    let text = '';
    for (const value of values) {
      const piece = textOfValue(value);
      if (piece instanceof Unknown) return piece;
      text += piece;
      if (text.length > maxText) return new Unknown('a text becomes longer than 1 MiB');
    }
    return text;
  }

  #splat(of: Expression, path: readonly Expression[], scope: Scope): Value {
    const value = this.evaluate(of, scope);
    if (value instanceof Unknown) return value;
    const items = isList(value) ? value : value === null ? [] : [value];
    const keys = path.map((key) => this.evaluate(key, scope));
    return items.map((item) => keys.reduce(lookUp, item));
  }

  #call({ name, args, spread }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
    if (name === 'try' || name === 'can') return this.#try(name, args, scope);
    const values = args.map((arg) => this.evaluate(arg, scope));
    const last = spread ? values.pop() : undefined;
    if (last instanceof Unknown) return last;
    const all = last === undefined ? values : [...values, ...(elementsOf(last) ?? [])];
    const result = scope.call(name, all) ?? callFunction(name, all);
    if (typeof result === 'string') this.#written += result.length;
    return this.#written > maxWritten ? new Unknown('the file computes too much') : result;
  }

  #try(name: 'try' | 'can', args: readonly Expression[], scope: Scope): Value {
    for (const arg of args) {
      const value = this.evaluate(arg, scope);
      if (!(value instanceof Unknown)) return name === 'can' ? true : value;
      // What is only not known here may be there where the build runs.
      if (value.hint !== undefined) return value;
    }
    return name === 'can' ? false : new Unknown('no argument of try() has a value');
  }

  #object({ entries }: Extract<Expression, { kind: 'object' }>, scope: Scope): Value {
    const table = new Map<string, Value>();
    for (const { key, value } of entries) {
      const name = textOfValue(this.evaluate(key, scope));
      if (name instanceof Unknown) return name;
      table.set(name, this.evaluate(value, scope));
    }
    return table;
  }

  #for({ key, name, of, resultKey, result, test, grouped }: ForExpression, scope: Scope): Value {
    const values = this.evaluate(of, scope);
    if (values instanceof Unknown) return values;
    const pairs: readonly (readonly [Value, Value])[] | undefined = isList(values)
      ? values.map((value, i) => [i, value])
      : isTable(values)
        ? [...values]
        : undefined;
    if (!pairs) return new Unknown('for … in needs a list or a table');
    const list: Value[] = [];
    const table = new Map<string, Value>();
    for (const [at, value] of pairs) {
      const inner = within(scope, new Map([[name, value], ...(key === undefined ? [] : [[key, at] as const])]));
      const isWanted = test ? truthOfValue(this.evaluate(test, inner)) : true;
      if (isWanted instanceof Unknown) return isWanted;
      if (!isWanted) continue;
      const made = this.evaluate(result, inner);
      if (!resultKey) list.push(made);
      else {
        const under = textOfValue(this.evaluate(resultKey, inner));
        if (under instanceof Unknown) return under;
        const known = table.get(under);
        table.set(under, grouped ? [...(known && isList(known) ? known : []), made] : made);
      }
      if (this.#steps > maxSteps) return new Unknown('the file computes too much');
    }
    return resultKey ? table : list;
  }
}

/** A scope that knows some names more. */
export function within(scope: Scope, names: ReadonlyMap<string, Value>): Scope {
  return { name: (name) => names.get(name) ?? (names.has(name) ? null : scope.name(name)), call: scope.call };
}

function lookUp(value: Value, key: Value): Value {
  if (value instanceof Unknown) return value;
  if (key instanceof Unknown) return key;
  const found = isTable(value) ? value.get(String(key)) : isList(value) ? value[Number(key)] : undefined;
  return found === undefined ? new Unknown(`there is no element ${String(key)}`) : found;
}

function negate(operator: '-' | '!', value: Value): Value {
  const operand = operator === '-' ? numberOfValue(value) : truthOfValue(value);
  if (operand instanceof Unknown) return operand;
  return operator === '-' ? -operand : !operand;
}

function operate(operator: string, left: Value, right: Value): Value {
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
