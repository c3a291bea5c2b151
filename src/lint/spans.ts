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
