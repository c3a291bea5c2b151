import type { Edit, Span } from '../report/finding.ts';

/** A span, or anything that has one: a word, a command, a flag, an instruction. */
export type Spanned = Span | { readonly span: Span };

export function spanOf(at: Spanned): Span {
  return 'span' in at ? at.span : at;
}

/** From the first to the last of what is given, whatever the order. */
export function cover(first: Spanned, ...others: readonly Spanned[]): Span {
  let { start, end } = spanOf(first);
  for (const other of others.map(spanOf)) {
    start = Math.min(start, other.start);
    end = Math.max(end, other.end);
  }
  return { start, end };
}

export function insertBefore(at: Spanned, text: string): Edit {
  const { start } = spanOf(at);
  return { span: { start, end: start }, text };
}

export function insertAfter(at: Spanned, text: string): Edit {
  const { end } = spanOf(at);
  return { span: { start: end, end }, text };
}

export function replace(at: Spanned, text: string): Edit {
  const { start, end } = spanOf(at);
  return { span: { start, end }, text };
}

export function remove(at: Spanned): Edit {
  return replace(at, '');
}

/** Removes what is given together with its indentation and its line end; it has to stand alone on its lines. */
export function removeLines(text: string, at: Spanned): Edit {
  const { start, end } = spanOf(at);
  const indent = /[ \t]*$/.exec(text.slice(Math.max(0, start - 200), start))?.[0].length ?? 0;
  const blank = /^[ \t]*(?:\r?\n|\r)?/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
  return replace({ start: start - indent, end: end + blank }, '');
}
