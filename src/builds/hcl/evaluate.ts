import { callFunction } from './functions.ts';
import { lookUp, negate, operate } from './operators.ts';
import type { Expression, ForExpression } from './syntax.ts';
import { elementsOf, isList, isTable, textOfValue, truthOfValue, Unknown, type Value } from './value.ts';

/** What names and functions stand for. */
export interface Scope {
  name(name: string): Value | undefined;
  /** A function that the file defines itself. */
  call(name: string, args: readonly Value[]): Value | undefined;
}

/**
 * So much is computed for one file: loops in loops have no bound of their own. What a function or a comparison is given,
 * and what a function gives, counts with all that is in it.
 */
const maxSteps = 200_000;
/** Of a text that is put together, in UTF-16 units. */
const maxText = 1024 * 1024;
const maxDepth = 200;
const tooMuch = 'the file computes too much';

/** Computes expressions ("Expressions"); what is wrong in one is not known, and says why. */
export class Evaluator {
  #steps = 0;
  #depth = 0;
  /** Of lists and tables: a list of the same list many times is as large as what would be printed. */
  readonly #weights = new WeakMap<object, number>();

  evaluate(expression: Expression, scope: Scope): Value {
    if (++this.#steps > maxSteps || this.#depth >= maxDepth) return new Unknown(tooMuch);
    this.#depth++;
    const value = this.#compute(expression, scope);
    this.#depth--;
    return this.#weigh(value) > maxSteps ? new Unknown(tooMuch) : value;
  }

  /** Steps that it takes to walk through a value. */
  #weigh(value: Value): number {
    if (typeof value === 'string') return 1 + (value.length >> 8);
    if (!isList(value) && !isTable(value)) return 1;
    const known = this.#weights.get(value);
    if (known !== undefined) return known;
    let weight = 1;
    for (const each of value.values()) weight += this.#weigh(each);
    this.#weights.set(value, weight);
    return weight;
  }

  /** Whether the file may still go through these. */
  #affords(values: readonly Value[]): boolean {
    for (const value of values) this.#steps += this.#weigh(value);
    return this.#steps <= maxSteps;
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
        return this.#binary(expression, scope);
      case 'if':
        return this.#if(expression, scope);
    }
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const [a, b] = [this.evaluate(left, scope), this.evaluate(right, scope)];
    return this.#affords([a, b]) ? operate(operator, a, b) : new Unknown(tooMuch);
  }

  #if({ test, yes, no }: Extract<Expression, { kind: 'if' }>, scope: Scope): Value {
    const decision = truthOfValue(this.evaluate(test, scope));
    return decision instanceof Unknown ? decision : this.evaluate(decision ? yes : no, scope);
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
    if (!this.#affords(all)) return new Unknown(tooMuch);
    const result = scope.call(name, all) ?? callFunction(name, all);
    return this.#affords([result]) ? result : new Unknown(tooMuch);
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

  #for(expression: ForExpression, scope: Scope): Value {
    const { key, name, resultKey, grouped } = expression;
    const pairs = pairsOf(this.evaluate(expression.of, scope));
    if (pairs instanceof Unknown) return pairs;
    const list: Value[] = [];
    const table = new Map<string, Value>();
    for (const [at, value] of pairs) {
      const inner = within(scope, new Map([[name, value], ...(key === undefined ? [] : [[key, at] as const])]));
      const isWanted = expression.test ? truthOfValue(this.evaluate(expression.test, inner)) : true;
      if (isWanted instanceof Unknown) return isWanted;
      if (!isWanted) continue;
      const made = this.evaluate(expression.result, inner);
      const under = resultKey && textOfValue(this.evaluate(resultKey, inner));
      if (under instanceof Unknown) return under;
      if (under === undefined) list.push(made);
      else table.set(under, grouped ? grownBy(table.get(under), made) : made);
      if (this.#steps > maxSteps) return new Unknown(tooMuch);
    }
    return resultKey ? table : list;
  }
}

/** What a loop goes through: elements with their places, or with their keys. */
function pairsOf(values: Value): readonly (readonly [Value, Value])[] | Unknown {
  if (values instanceof Unknown) return values;
  if (isList(values)) return values.map((value, i) => [i, value]);
  return isTable(values) ? [...values] : new Unknown('for … in needs a list or a table');
}

function grownBy(group: Value | undefined, value: Value): Value {
  return [...(group !== undefined && isList(group) ? group : []), value];
}

/** A scope that knows some names more. */
export function within(scope: Scope, names: ReadonlyMap<string, Value>): Scope {
  return { name: (name) => names.get(name) ?? (names.has(name) ? null : scope.name(name)), call: scope.call };
}
