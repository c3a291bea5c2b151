import { isSpace, skipBlanks, skipToBlank } from './characters.ts';
import { unquote } from './expand.ts';
import { foldedSpan } from './fold.ts';
import type { Dockerfile, Flag, Folded, Word } from './syntax.ts';

/** Part of a folded line. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function wordOf(folded: Folded, { start, end }: Range, escapeChar: Dockerfile['escape']): Word {
  const raw = folded.text.slice(start, end);
  return { span: foldedSpan(folded, start, end), raw, text: unquote(raw, escapeChar) };
}

/** Splits at blanks, whatever the quotes: FROM, COPY, ADD, EXPOSE, VOLUME. */
export function splitBlanks(text: string, start: number, end: number): Range[] {
  const words: Range[] = [];
  for (let at = skipBlanks(text, start, end); at < end; ) {
    const stop = skipToBlank(text, at, end);
    words.push({ start: at, end: stop });
    at = skipBlanks(text, stop, end);
  }
  return words;
}

/** Splits at white space outside quotes: ENV, LABEL, ARG. A quote left open runs to the end. */
export function splitQuoted(text: string, start: number, end: number, escapeChar: Dockerfile['escape']): Range[] {
  const words: Range[] = [];
  let begin = -1;
  let quote = '';
  for (let at = start; at < end; at++) {
    const char = text[at] as string;
    if (quote === '' && isSpace(char.charCodeAt(0))) {
      if (begin !== -1) words.push({ start: begin, end: at });
      begin = -1;
      continue;
    }
    if (begin === -1) begin = at;
    if (char === escapeChar && quote !== "'") at++;
    else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
  }
  if (begin !== -1) words.push({ start: begin, end });
  return words;
}

/**
 * Reads the leading `--name=value` words. Quotes and backslashes are removed from them; the escape directive has no say
 * here. A `--` of its own ends them. `end` is where the arguments begin.
 */
export function readFlags(folded: Folded, start: number, stop: number): { flags: Flag[]; end: number } {
  const { text } = folded;
  const flags: Flag[] = [];
  let at = start;
  for (;;) {
    while (at < stop && isSpace(text.charCodeAt(at))) at++;
    if (at >= stop || !text.startsWith('--', at)) return { flags, end: at };
    const { word, equals, end } = readFlagWord(text, at, stop);
    if (word === '--') return { flags, end };
    flags.push(flagOf(folded, word, at, equals, end));
    at = end;
  }
}

interface FlagWord {
  readonly word: string;
  /** Where the first `=` stands, -1 without one. */
  readonly equals: number;
  readonly end: number;
}

function readFlagWord(text: string, start: number, stop: number): FlagWord {
  let word = '';
  let equals = -1;
  let quote = '';
  let at = start;
  for (; at < stop; at++) {
    let char = text[at] as string;
    if (quote === '' && isSpace(char.charCodeAt(0))) break;
    if (quote === '' ? char === '"' || char === "'" : char === quote) {
      quote = quote === '' ? char : '';
      continue;
    }
    if (char === '\\') {
      at++;
      if (at >= stop) break;
      char = text[at] as string;
    }
    if (char === '=' && equals === -1) equals = at;
    word += char;
  }
  return { word, equals, end: Math.min(at, stop) };
}

function flagOf(folded: Folded, word: string, start: number, equals: number, end: number): Flag {
  const span = foldedSpan(folded, start, end);
  if (equals === -1) return { span, name: word.slice(2) };
  const split = word.indexOf('=');
  return {
    span,
    name: word.slice(2, split),
    value: word.slice(split + 1),
    valueSpan: foldedSpan(folded, equals + 1, end),
  };
}
