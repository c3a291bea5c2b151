import { type Environment, type ExpandOptions, type Expansion, lexText, lexWords } from './shell-lexer.ts';
import type { Dockerfile } from './syntax.ts';

export type { Environment, ExpandOptions, Expansion } from './shell-lexer.ts';

export interface WordsExpansion extends Expansion {
  readonly words: readonly string[];
}

/**
 * Expands variables in a word and removes its quotes and escapes, as BuildKit does for ENV, COPY, FROM and so on
 * (Dockerfile reference, "Environment replacement"): `$x`, `${x}`, and `${x…}` with `-`, `+`, `?` (each also after
 * a colon), `#`, `##`, `%`, `%%`, `/`, `//`.
 */
export function expandWord(raw: string, env: Environment, options: ExpandOptions = {}): Expansion {
  return lexText(raw, env, options);
}

/** Like `expandWord`, and splits the result at unquoted white space: EXPOSE, VOLUME. */
export function expandWords(raw: string, env: Environment, options: ExpandOptions = {}): WordsExpansion {
  const lexed = lexWords(raw, env, options);
  return { ...lexed, words: lexed.words.map(({ text }) => text) };
}

const nothing: Environment = { get: () => undefined };

/** Removes quotes and escapes and leaves variables as written. What cannot be lexed stays as it is. */
export function unquote(raw: string, escapeChar: Dockerfile['escape']): string {
  const { text, error } = lexText(raw, nothing, { escape: escapeChar, keepUnset: true });
  return error ? raw : text;
}
