import type { Span } from '../../report/finding.ts';
import { foldedSlice } from '../fold.ts';
import type { Folded, Segment } from '../syntax.ts';

/** A text that stands in the file as it is. */
export function plain(text: string, offset: number): Folded {
  return { text, segments: [{ at: 0, offset }] };
}

/** Joins ranges of a folded text, in order, keeping the way back to the file. */
export function gather(folded: Folded, ranges: readonly (readonly [start: number, end: number])[]): Folded {
  const segments: Segment[] = [];
  const texts: string[] = [];
  let length = 0;
  for (const [start, end] of ranges) {
    if (end <= start) continue;
    const slice = foldedSlice(folded, start, end);
    for (const { at, offset } of slice.segments) segments.push({ at: length + at, offset });
    texts.push(slice.text);
    length += slice.text.length;
  }
  if (segments.length === 0)
    segments.push(...foldedSlice(folded, ranges[0]?.[0] ?? 0, ranges[0]?.[0] ?? 0).segments.slice(0, 1));
  return { text: texts.join(''), segments };
}

/** One text behind the other. */
export function joined(first: Folded, second: Folded): Folded {
  const { length } = first.text;
  if (length === 0) return second;
  const moved = second.segments.map(({ at, offset }) => ({ at: at + length, offset }));
  return { text: first.text + second.text, segments: [...first.segments, ...moved] };
}

/** Quote removal (POSIX.1-2024, Shell Command Language 2.6.7) on a word of a script; expansions stay as written. */
export function unquote(folded: Folded, start: number, end: number): Folded {
  const { text } = folded;
  const ranges: [number, number][] = [];
  let from = start;
  const drop = (index: number, length: number): void => {
    ranges.push([from, index]);
    from = index + length;
  };
  let quote = '';
  let parens = 0;
  for (let i = start; i < end; i++) {
    const unit = text[i];
    if (parens > 0) parens += unit === '(' ? 1 : unit === ')' ? -1 : 0;
    else if (quote === "'") {
      if (unit === "'") {
        drop(i, 1);
        quote = '';
      }
    } else if (unit === '\\') {
      const next = text[i + 1] ?? '';
      if (next === '\n') drop(i, 2);
      else if (quote === '' || '$`"\\'.includes(next)) drop(i, 1);
      i++;
    } else if (unit === '$' && text[i + 1] === '(') {
      parens = 1;
      i++;
    } else if (unit === '"' || (unit === "'" && quote === '')) {
      drop(i, 1);
      quote = quote === '' ? unit : '';
    }
  }
  ranges.push([from, end]);
  return gather(folded, ranges);
}

/** The text between backquotes: a backslash before `` ` ``, `\` and `$` goes (POSIX.1-2024, 2.6.3). */
export function unescapeBackquoted(folded: Folded, start: number, end: number): Folded {
  const { text } = folded;
  const ranges: [number, number][] = [];
  let from = start;
  for (let i = start; i < end - 1; i++) {
    if (text[i] !== '\\') continue;
    if ('`\\$'.includes(text[i + 1] ?? ' ')) {
      ranges.push([from, i]);
      from = i + 1;
    }
    i++;
  }
  ranges.push([from, end]);
  return gather(folded, ranges);
}

/** A continuation, with the comments and empty lines behind it; no string can hold another line end. */
const continuation = /[\\`][ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*/g;
const jsonEscape = /\\(?:u[\da-fA-F]{4}|.)/gs;

/**
 * A JSON string as it stands in the file, continuations joined, decoded (RFC 8259, 7); `decoded` is what the parser
 * made of it. A character that was escaped stands where its escape ends.
 */
export function unescapeJson(source: string, span: Span, decoded: string): Folded {
  const { start, end } = span;
  const inner = source.slice(start + 1, end - 1);
  const whole = plain(inner, start + 1);
  const lines = inner.includes('\n') ? without(whole, continuation) : whole;
  const read = lines.text.includes('\\') ? without(lines, jsonEscape, 1) : lines;
  return read.text.length === decoded.length ? { text: decoded, segments: read.segments } : plain(decoded, start + 1);
}

/** What is left when every match goes but for its last `kept` units. */
function without(folded: Folded, pattern: RegExp, kept = 0): Folded {
  const ranges: [number, number][] = [];
  let from = 0;
  for (const { index, 0: match } of folded.text.matchAll(pattern)) {
    ranges.push([from, index]);
    from = index + match.length - kept;
  }
  ranges.push([from, folded.text.length]);
  return gather(folded, ranges);
}
