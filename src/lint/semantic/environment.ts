import type { Environment, Variable } from './model.ts';
import { PersistentList } from './persistent-list.ts';

/**
 * The variables of one stage over time. Every step can have its own view: a view shares nearly all with the one before,
 * and a stage starts with the list of its base, so that neither many ENV nor a long chain of stages costs a copy or a
 * walk.
 */
export class VariableHistory {
  #now: View;

  /** `base` is the end of the stage it starts from: all it has is inherited, its ARGs as well (Dockerfile reference, ARG, "Scope"). */
  constructor(base?: Environment) {
    this.#now = base instanceof View ? base : new View(new Map(), PersistentList.empty());
  }

  set(variable: Variable): void {
    this.#now = this.#now.with(variable);
  }

  /** The variables as they are now. */
  now(): Environment {
    return this.#now;
  }
}

class View implements Environment {
  /** Where the variable of a name stands. One map for all stages of a chain, so there are names of which a view has nothing. */
  readonly #places: Map<string, number>;
  readonly #variables: PersistentList<Variable>;

  constructor(places: Map<string, number>, variables: PersistentList<Variable>) {
    this.#places = places;
    this.#variables = variables;
  }

  with(variable: Variable): View {
    const { name } = variable;
    const place = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, place);
    return new View(this.#places, this.#variables.with(place, variable));
  }

  get(name: string): Variable | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.#variables.get(place);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  names(): ReadonlySet<string> {
    return new Set([...this.#places.keys()].filter((name) => this.has(name)));
  }
}

/** The variables of FROM, as a plain list. */
export function environmentOf(variables: ReadonlyMap<string, Variable>): Environment {
  return {
    get: (name) => variables.get(name),
    has: (name) => variables.has(name),
    names: () => new Set(variables.keys()),
  };
}
