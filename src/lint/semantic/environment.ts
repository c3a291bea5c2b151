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

  /** `base` is the end of the stage it starts from: its ENVs are inherited, its ARGs are not. */
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
    const own = this.#own(name, false);
    if (own) return own;
    for (let base = this.#base; base; base = base.#base) {
      const inherited = base.#own(name, true);
      if (inherited) return inherited;
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

  #own(name: string, envOnly: boolean): Variable | undefined {
    const changes = this.#changes.get(name) ?? [];
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle]?.at ?? 0) < this.#until) low = middle + 1;
      else high = middle;
    }
    const variable = changes[low - 1]?.variable;
    // Once a name is an ENV, an ARG no longer changes it: the last change tells its kind.
    return envOnly && variable?.kind !== 'env' ? undefined : variable;
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
