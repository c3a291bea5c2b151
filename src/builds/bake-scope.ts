import type { BakeFile } from './bake-file.ts';
import { type Evaluator, type Scope, within } from './hcl/evaluate.ts';
import type { Block, Expression } from './hcl/syntax.ts';
import { isList, Unknown, type Value } from './hcl/value.ts';
import type { Variables } from './variables.ts';

/** The names that bake files know: variables, attributes outside of blocks, functions of their own. */
export class BakeScope implements Scope {
  readonly #evaluator: Evaluator;
  readonly #environment: Variables;
  readonly #variables = new Map<string, Block>();
  readonly #attributes = new Map<string, Expression>();
  readonly #functions = new Map<string, Block>();
  readonly #made = new Map<string, Value>([['BAKE_CMD_CONTEXT', 'cwd://']]);
  readonly #open = new Set<string>();

  /** @param files later ones beat earlier ones */
  constructor(files: readonly BakeFile[], environment: Variables, evaluator: Evaluator) {
    this.#evaluator = evaluator;
    this.#environment = environment;
    for (const { body } of files) {
      for (const [name, { value }] of body.attributes) this.#attributes.set(name, value);
      for (const block of body.blocks) {
        const [name] = block.labels;
        if (name === undefined) continue;
        if (block.type === 'variable') this.#variables.set(name, block);
        if (block.type === 'function') this.#functions.set(name, block);
      }
    }
  }

  name = (name: string): Value | undefined => {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    if (this.#open.has(name)) return new Unknown(`${name} hangs on itself`);
    this.#open.add(name);
    const value = this.#compute(name);
    this.#open.delete(name);
    if (value !== undefined) this.#made.set(name, value);
    return value;
  };

  call = (name: string, args: readonly Value[]): Value | undefined => {
    const own = this.#functions.get(name)?.body.attributes;
    const result = own?.get('result')?.value;
    if (!own || !result) return undefined;
    const params = namesIn(own.get('params')?.value);
    const rest = namesIn(own.get('variadic_params')?.value)[0];
    if (args.length < params.length) return new Unknown(`${name}() has too few arguments`);
    const values = new Map<string, Value>(params.map((param, i) => [param, args[i] as Value]));
    if (rest !== undefined) values.set(rest, args.slice(params.length));
    return this.#evaluator.evaluate(result, within(this, values));
  };

  #compute(name: string): Value | undefined {
    const variable = this.#variables.get(name);
    if (variable) return this.#variable(name, variable);
    const attribute = this.#attributes.get(name);
    if (attribute) return this.#evaluator.evaluate(attribute, this);
    if (name === 'BAKE_LOCAL_PLATFORM') return unset(name);
    return undefined;
  }

  /** The environment goes before the default, in the default's type. */
  #variable(name: string, { body: { attributes } }: Block): Value {
    const given = this.#environment(name);
    const expression = attributes.get('default')?.value;
    if (given === undefined) return expression ? this.#evaluator.evaluate(expression, this) : unset(name);
    const type = attributes.get('type')?.value;
    const fallback = expression ? this.#evaluator.evaluate(expression, this) : '';
    return typed(name, given, type?.kind === 'name' ? type.name : type ? 'other' : typeof fallback);
  }
}

function unset(name: string): Unknown {
  return new Unknown(`${name} is not set`, `set it in the environment, or give the variable a default`);
}

function typed(name: string, given: string, type: string): Value {
  if (type === 'string' || type === 'any') return given;
  if (type === 'number' && given.trim() !== '' && Number.isFinite(Number(given))) return Number(given);
  if ((type === 'bool' || type === 'boolean') && /^(?:true|false|1|0)$/.test(given)) return /^(?:true|1)$/.test(given);
  return new Unknown(`${name} of the environment is not read as ${type === 'object' ? 'a list or table' : type}`, '');
}

/** Names of parameters, plain or as texts of JSON. */
function namesIn(expression: Expression | undefined): readonly string[] {
  if (!expression) return [];
  if (expression.kind === 'list') return expression.items.flatMap(namesIn);
  if (expression.kind === 'name') return [expression.name];
  const [part] = expression.kind === 'template' ? expression.parts : [expression];
  return part?.kind === 'literal' && typeof part.value === 'string' && !isList(part.value) ? [part.value] : [];
}
