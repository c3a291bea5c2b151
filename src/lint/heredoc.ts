import { foldedSpan } from './fold.ts';
import { lineAt } from './lines.ts';
import { lexWords } from './shell-lexer.ts';
import type { Folded, Heredoc } from './syntax.ts';

/** What `<<EOF` says. */
export type HeredocWord = Pick<Heredoc, 'name' | 'expand' | 'chomp' | 'fd'>;

const noVariables = new Map<string, string>();

/** Reads one word as a heredoc; undefined when it is none, `invalid` when a quote in it stays open. */
export function readHeredocWord(word: string): HeredocWord | 'invalid' | undefined {
  const [, fd = '', dash, rest] = /^(\d*)<<(-?)([^<]*)$/.exec(word) ?? [];
  if (!rest) return undefined;
  const plain = lexWords(rest, noVariables, { escape: '\\', keepUnset: true });
  const quoted = lexWords(rest, noVariables, { escape: '\\', keepUnset: true, keepQuotes: true });
  if (plain.error || quoted.error) return 'invalid';
  if (plain.words.length !== 1 || quoted.words.length !== 1) return undefined;
  const name = plain.words[0]?.text ?? '';
  return { name, expand: name === quoted.words[0]?.text, chomp: dash === '-', fd: Number(fd) };
}

/** Finds the heredocs of a command line. A line that cannot be lexed has none, as in BuildKit; the escape is always `\`. */
export function heredocWords(line: string): (HeredocWord & { start: number; end: number })[] {
  if (!line.includes('<<')) return [];
  const options = { escape: '\\', keepUnset: true, keepQuotes: true, keepEscapes: true, heredocs: true } as const;
  const { words } = lexWords(line, noVariables, options);
  const found = [];
  for (const { text, start, end } of words) {
    const word = text.includes('<<') ? readHeredocWord(text) : undefined;
    if (word === 'invalid') return [];
    if (word) found.push({ ...word, start, end });
  }
  return found;
}

/** Reads the bodies that follow a command line, one after the other, from the offset where its next line begins. */
export function readHeredocs(text: string, folded: Folded, next: number): { heredocs: Heredoc[]; next: number } {
  const heredocs: Heredoc[] = [];
  let at = next;
  for (const { start, end, ...word } of heredocWords(folded.text)) {
    const heredoc = readBody(text, at, { ...word, span: foldedSpan(folded, start, end) });
    heredocs.push(heredoc.read);
    at = heredoc.next;
  }
  return { heredocs, next: at };
}

function readBody(
  text: string,
  start: number,
  word: HeredocWord & Pick<Heredoc, 'span'>,
): { read: Heredoc; next: number } {
  for (let at = start; at < text.length; ) {
    const line = lineAt(text, at);
    let from = line.start;
    if (word.chomp) while (from < line.end && text[from] === '\t') from++;
    if (line.end - from === word.name.length && text.startsWith(word.name, from)) {
      const terminator = { start: line.start, end: line.end };
      return { read: { ...word, body: { start, end: line.start }, terminator }, next: line.next };
    }
    at = line.next;
  }
  return { read: { ...word, body: { start, end: text.length } }, next: text.length };
}
