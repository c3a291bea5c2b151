import type { Connector } from './command.ts';
import type { Setting } from './windows-assignments.ts';

/** A piece of a script. `start` and `end` are UTF-16 indices. */
export type Token =
  | {
      readonly kind: 'word';
      readonly start: number;
      readonly end: number;
      /** Without quotes and escapes; a variable of the environment as `${NAME}`, whatever the language's way. */
      readonly text: string;
      /** It begins a statement that is no plain command. */
      readonly isExpression?: boolean;
      /** Without a name: something else that is filled in. */
      readonly variables: readonly { readonly name?: string; readonly quoted: boolean }[];
    }
  | {
      readonly kind: 'redirect';
      readonly start: number;
      readonly end: number;
      readonly operator: string;
      readonly fd?: number;
    }
  | { readonly kind: 'connector'; readonly connector: Connector }
  | { readonly kind: 'pipe' | 'open' | 'close' };

export interface WindowsSyntax {
  tokens(text: string, start: number, end: number): Iterable<Token>;
  /** A first word that begins something else than a plain command. */
  isKeyword(word: string): boolean;
  /** How many words at the front are wrappers. */
  skipped(words: readonly string[]): number;
  nameOf(program: string): string;
  /** What a statement that is no plain command sets. */
  setting(statement: string): Setting | undefined;
}

/** Where a reader of tokens stands. */
export interface Spot {
  readonly text: string;
  readonly at: number;
  /** Where the script ends. */
  readonly end: number;
  /** At the start of a statement. */
  readonly isStart: boolean;
  /** Behind `if`, `else` and the like: brackets hold commands. */
  readonly isControl: boolean;
}

/** What stands at a spot, and how it goes on behind it; what is not said stays as it is. */
export interface Reading extends Partial<Pick<Spot, 'isStart' | 'isControl'>> {
  readonly token?: Token;
  readonly end: number;
}

/** Reads a script from front to back. Every reading goes on by at least one unit. */
export function* readTokens(text: string, start: number, end: number, read: (spot: Spot) => Reading): Generator<Token> {
  let spot: Spot = { text, at: start, end, isStart: true, isControl: false };
  while (spot.at < end) {
    const { token, end: next, isStart = spot.isStart, isControl = spot.isControl } = read(spot);
    if (token) yield token;
    spot = { text, at: Math.max(next, spot.at + 1), end, isStart, isControl };
  }
}

/** `>file`, `2>>file`, `2>&1`. */
export function redirectAt(
  { text, at, end }: Spot,
  pattern: RegExp,
  readWord: (text: string, start: number, end: number) => ReadWord,
): Reading | undefined {
  const [whole, fd = '', operator = '>', copy] = pattern.exec(text.slice(at, Math.min(at + 8, end))) ?? [];
  if (whole === undefined) return undefined;
  const stop = at + whole.length;
  const last = copy ? stop : Math.max(stop, readWord(text, skipBlanks(text, stop, end), end).end);
  const number = /\d/.test(fd) ? { fd: Number(fd) } : {};
  return { token: { kind: 'redirect', start: at, end: last, operator, ...number }, end: last };
}

/** A word, and where it ends. */
export interface ReadWord {
  readonly end: number;
  readonly text: string;
  readonly variables: { readonly name?: string; readonly quoted: boolean }[];
}

/** What makes a file a program to Windows. */
export const programEnding = /\.(exe|cmd|bat|com)$/i;

export const blank = /[ \t\r\u00a0]/;

function skipBlanks(text: string, at: number, end: number): number {
  let index = at;
  while (index < end && (text[index] === ' ' || text[index] === '\t')) index++;
  return index;
}

export function lineEnd(text: string, at: number, end: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 || found > end ? end : found;
}
