import { compileExpression, type Step } from './expression-program.ts';

/** Sets of places that are remembered; then they are forgotten and found anew. */
const MOST_SETS = 1000;
const ASCII = 128;
const UNKNOWN = -2;
const FOUND = -1;

type Kind = 'none' | 'word' | 'other';

/** Places in the program before a character, and where each character leads. */
interface PlaceSet {
  readonly places: readonly number[];
  /** Of the character before. */
  readonly before: Kind;
  readonly ascii: Int32Array;
  readonly others: Map<number, number>;
  isFoundAtEnd: boolean | undefined;
}

/**
 * Whether a text has a part that the expression matches, in a time that grows with the text's length and with nothing
 * else: all places that the expression can be at are followed at once, and sets of them remembered (Thompson 1968).
 * @throws Error as `compileExpression`
 */
export function linearExpression(source: string): (text: string) => boolean {
  const machine = new Machine(compileExpression(source));
  return (text) => machine.test(text);
}

class Machine {
  readonly #steps: readonly Step[];
  #sets: PlaceSet[] = [];
  #names = new Map<string, number>();
  #seen: Uint32Array;
  #round = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#seen = new Uint32Array(steps.length);
  }

  test(text: string): boolean {
    if (this.#sets.length > MOST_SETS) this.#forget();
    let set = this.#set([0], 'none');
    for (let i = 0; i < text.length; i++) {
      let code = text.charCodeAt(i);
      if (code >= 0xd800 && code < 0xdc00) {
        code = text.codePointAt(i) as number;
        if (code > 0xffff) i++;
      }
      const { ascii, others } = this.#sets[set] as PlaceSet;
      const known = code < ASCII ? (ascii[code] as number) : (others.get(code) ?? UNKNOWN);
      const next = known === UNKNOWN ? this.#step(set, code) : known;
      if (next === FOUND) return true;
      set = next;
    }
    const last = this.#sets[set] as PlaceSet;
    last.isFoundAtEnd ??= this.#closure(last, 'none') === undefined;
    return last.isFoundAtEnd;
  }

  #forget(): void {
    this.#sets = [];
    this.#names = new Map();
  }

  #set(places: readonly number[], before: Kind): number {
    const name = `${before} ${places.join()}`;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const set = {
      places,
      before,
      ascii: new Int32Array(ASCII).fill(UNKNOWN),
      others: new Map(),
      isFoundAtEnd: undefined,
    };
    const index = this.#sets.push(set) - 1;
    this.#names.set(name, index);
    return index;
  }

  #step(from: number, code: number): number {
    const set = this.#sets[from] as PlaceSet;
    const next = this.#leads(set, code);
    if (code < ASCII) set.ascii[code] = next;
    else if (set.others.size < MOST_SETS) set.others.set(code, next);
    return next;
  }

  #leads(set: PlaceSet, code: number): number {
    const kind = kindOf(code);
    const reached = this.#closure(set, kind);
    if (!reached) return FOUND;
    const character = String.fromCodePoint(code);
    // A match may begin at every character.
    const places = new Set([0]);
    for (const place of reached) {
      const step = this.#steps[place] as Step;
      if (step.op === 'take' && step.takes(character)) places.add(place + 1);
    }
    return this.#set(
      [...places].sort((a, b) => a - b),
      kind,
    );
  }

  /** The places that are reached without a character, the next being of a kind; undefined where one is the end. */
  #closure({ places, before }: PlaceSet, after: Kind): number[] | undefined {
    const round = ++this.#round;
    const reached: number[] = [];
    const open = [...places];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (this.#seen[place] === round) continue;
      this.#seen[place] = round;
      const step = this.#steps[place] as Step;
      if (step.op === 'found') return undefined;
      if (step.op === 'take') reached.push(place);
      else if (step.op === 'go') open.push(step.to);
      else if (step.op === 'fork') open.push(...step.to);
      else if (isAt(step.place, before, after)) open.push(place + 1);
    }
    return reached;
  }
}

function isAt(place: 'start' | 'end' | 'edge' | 'inside', before: Kind, after: Kind): boolean {
  if (place === 'start') return before === 'none';
  if (place === 'end') return after === 'none';
  return ((before === 'word') !== (after === 'word')) === (place === 'edge');
}

/** As `\b` has it. */
function kindOf(code: number): Kind {
  const isWord =
    (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || (code >= 0x61 && code <= 0x7a);
  return isWord ? 'word' : 'other';
}
