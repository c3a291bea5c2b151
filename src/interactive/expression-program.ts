/** What an expression is made into: a program for `expression.ts`, of which several places are tried at once. */
export type Step =
  /** Takes one character. */
  | { readonly op: 'take'; readonly takes: (character: string) => boolean }
  /** Goes on in both places. */
  | { readonly op: 'fork'; readonly to: readonly [number, number] }
  | { readonly op: 'go'; readonly to: number }
  /** Goes on where it stands at such a place. */
  | { readonly op: 'at'; readonly place: 'start' | 'end' | 'edge' | 'inside' }
  | { readonly op: 'found' };

/** Steps at most; counted repeats are written out. */
const MOST_STEPS = 2000;
/** Groups in one another. */
const MOST_DEPTH = 100;

const ESCAPE =
  /\\(?:u[dD][89abAB][\dA-Fa-f]{2}\\u[dD][c-fC-F][\dA-Fa-f]{2}|u\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])/uy;
const CLASS = /\[(?:\\[\s\S]|[^\]\\])*\]/uy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy;
const GROUP = /\((?:\?(?::|<(?![=!])[^>]*>))?/uy;

/**
 * Reads a regular expression of ECMAScript (with the flag `u`), without what cannot be matched in linear time: back
 * references, and assertions about what lies ahead or behind.
 * @throws Error that says what is wrong, for people
 */
export function compileExpression(source: string): readonly Step[] {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    throw new Error((error as Error).message.replace(/^.*: /s, ''));
  }
  return new Compiler(source).compile();
}

/** The syntax is known to be right. */
class Compiler {
  readonly #source: string;
  readonly #steps: Step[] = [];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  compile(): readonly Step[] {
    this.#alternatives();
    this.#add({ op: 'found' });
    return this.#steps;
  }

  #add(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) throw new Error('the expression is too large');
    return this.#steps.push(step) - 1;
  }

  /** Where the next step will be. */
  get #here(): number {
    return this.#steps.length;
  }

  #alternatives(): void {
    const start = this.#here;
    this.#sequence();
    if (this.#source[this.#at] !== '|') return;
    this.#at++;
    this.#insert(start, (next) => ({ op: 'fork', to: [start + 1, next + 1] }));
    const leave = this.#add({ op: 'go', to: 0 });
    this.#alternatives();
    this.#steps[leave] = { op: 'go', to: this.#here };
  }

  #sequence(): void {
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      const start = this.#here;
      this.#atom();
      const found = this.#match(QUANTIFIER);
      if (found) this.#repeat(start, found);
    }
  }

  #atom(): void {
    const { [this.#at]: first = '' } = this.#source;
    if (first === '(') this.#group();
    else if (first === '^' || first === '$') this.#place(first === '^' ? 'start' : 'end');
    else if (first === '[') this.#set((this.#match(CLASS) as RegExpExecArray)[0]);
    else if (first === '\\') this.#escaped((this.#match(ESCAPE) as RegExpExecArray)[0]);
    else if (first === '.') this.#set(this.#character());
    else {
      const character = this.#character();
      this.#add({ op: 'take', takes: (other) => other === character });
    }
  }

  #group(): void {
    const opened = this.#match(GROUP) as RegExpExecArray;
    if (opened[0] === '(' && this.#source[this.#at] === '?') {
      throw new Error('assertions (?=…) (?!…) (?<=…) (?<!…) and modifiers are not for this');
    }
    if (++this.#depth > MOST_DEPTH) throw new Error('too many groups in one another');
    this.#alternatives();
    this.#depth--;
    this.#at++;
  }

  #escaped(word: string): void {
    if (word === '\\b' || word === '\\B') {
      this.#add({ op: 'at', place: word === '\\b' ? 'edge' : 'inside' });
      return;
    }
    if (/^\\[1-9k]/.test(word)) throw new Error('references to groups (\\1, \\k) are not for this');
    this.#set(word);
  }

  /** Of one character, the engine's own expressions are as fast as any. */
  #set(source: string): void {
    const one = new RegExp(`^${source}$`, 'u');
    this.#add({ op: 'take', takes: (character) => one.test(character) });
  }

  #place(place: 'start' | 'end'): void {
    this.#at++;
    this.#add({ op: 'at', place });
  }

  #character(): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) as number);
    this.#at += character.length;
    return character;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }

  /** What begins at `start` so many times as the quantifier says; whether greedy or lazy does not matter here. */
  #repeat(start: number, [word, least, comma, most]: RegExpExecArray): void {
    const [min, max] =
      least !== undefined
        ? [Number(least), comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)]
        : word.startsWith('?')
          ? [0, 1]
          : [word.startsWith('+') ? 1 : 0, Number.POSITIVE_INFINITY];
    const body = this.#steps.splice(start);
    const copy = (): void => {
      const offset = this.#here - start;
      for (const step of body) this.#add(moved(step, offset));
    };
    for (let i = 0; i < min; i++) copy();
    if (max === Number.POSITIVE_INFINITY) {
      const fork = this.#add({ op: 'go', to: 0 });
      copy();
      this.#add({ op: 'go', to: fork });
      this.#steps[fork] = { op: 'fork', to: [fork + 1, this.#here] };
      return;
    }
    const forks: number[] = [];
    for (let i = min; i < max; i++) {
      forks.push(this.#add({ op: 'go', to: 0 }));
      copy();
    }
    for (const fork of forks) this.#steps[fork] = { op: 'fork', to: [fork + 1, this.#here] };
  }

  /** A step before those that begin at `start`; `made` gets the place behind them. */
  #insert(start: number, made: (next: number) => Step): void {
    const body = this.#steps.splice(start);
    const at = this.#add({ op: 'go', to: 0 });
    for (const step of body) this.#add(moved(step, 1));
    this.#steps[at] = made(this.#here);
  }
}

function moved(step: Step, offset: number): Step {
  if (step.op === 'go') return { op: 'go', to: step.to + offset };
  if (step.op === 'fork') return { op: 'fork', to: [step.to[0] + offset, step.to[1] + offset] };
  return step;
}
