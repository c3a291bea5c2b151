import type { Connector } from './command.ts';

/** A piece of a script. `start` and `end` are UTF-16 indices. */
export type Token =
  | {
      readonly kind: 'word';
      readonly start: number;
      readonly end: number;
      /** Without quotes and escapes; a variable of the environment as `${NAME}`, whatever the language's way. */
      readonly text: string;
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
  | { readonly kind: 'pipe' | 'open' | 'close' | 'expression' };

export interface WindowsSyntax {
  tokens(text: string, start: number, end: number): Iterable<Token>;
  /** A first word that begins something else than a plain command. */
  isKeyword(word: string): boolean;
  /** How many words at the front are wrappers. */
  skipped(words: readonly string[]): number;
  nameOf(program: string): string;
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

export function skipBlanks(text: string, at: number, end: number): number {
  let index = at;
  while (index < end && (text[index] === ' ' || text[index] === '\t')) index++;
  return index;
}

export function lineEnd(text: string, at: number, end: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 || found > end ? end : found;
}
