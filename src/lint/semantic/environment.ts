import type { Environment, Variable } from './model.ts';

interface Change {
  readonly at: number;
  readonly variable: Variable;
}

/**
 * The variables of one stage over time. Views on it cost nothing, so every step can have its own;
 * copying a map at every ENV would take quadratic memory.
 */
export class VariableHistory {
  readonly #changes = new Map<string, Change[]>();
  readonly #base: View | undefined;
  #clock = 0;

  /** `base` is the end of the stage it starts from: all it has is inherited, its ARGs as well (Dockerfile reference, ARG, "Scope"). */
  constructor(base?: Environment) {
    this.#base = base instanceof View ? base : undefined;
  }

  set(variable: Variable): void {
    const change = { at: this.#clock++, variable };
    const changes = this.#changes.get(variable.name);
    if (changes) changes.push(change);
    else this.#changes.set(variable.name, [change]);
  }

  /** The variables as they are now. */
  now(): Environment {
    return new View(this.#changes, this.#clock, this.#base);
  }
}

class View implements Environment {
  readonly #changes: ReadonlyMap<string, readonly Change[]>;
  readonly #until: number;
  readonly #base: View | undefined;

  constructor(changes: ReadonlyMap<string, readonly Change[]>, until: number, base: View | undefined) {
    this.#changes = changes;
    this.#until = until;
    this.#base = base;
  }

  get(name: string): Variable | undefined {
    for (let view: View | undefined = this; view; view = view.#base) {
      const variable = view.#own(name);
      if (variable) return variable;
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  names(): ReadonlySet<string> {
    const names = new Set<string>();
    for (let view: View | undefined = this; view; view = view.#base) {
      for (const name of view.#changes.keys()) if (!names.has(name) && this.has(name)) names.add(name);
    }
    return names;
  }

  #own(name: string): Variable | undefined {
    const changes = this.#changes.get(name) ?? [];
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle]?.at ?? 0) < this.#until) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1]?.variable;
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
