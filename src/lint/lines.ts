import type { Span } from '../report/finding.ts';
import { skipSpace, trimSpaceEnd } from './characters.ts';
import { fold } from './fold.ts';
import type { Dockerfile, Folded } from './syntax.ts';

/** A physical line: `end` is without its CR and LF, `next` is where the line after it begins. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** An instruction's line with its continuations; heredoc bodies are not part of it. */
export interface LogicalLine {
  readonly folded: Folded;
  /** Without blanks before and after. */
  readonly span: Span;
  /** Where the line after it begins. */
  readonly next: number;
  readonly comments: readonly Span[];
  readonly blanks: readonly Span[];
}

/** Only LF ends a line; CRs before it are dropped with it. */
export function lineAt(text: string, start: number): Line {
  const lf = text.indexOf('\n', start);
  let end = lf === -1 ? text.length : lf;
  while (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
  return { start, end, next: lf === -1 ? text.length : lf + 1 };
}

/** Reads the line at `start` and, as long as each ends with the escape character, those after it. */
export function readLogicalLine(text: string, start: number, escapeChar: Dockerfile['escape']): LogicalLine {
  const comments: Span[] = [];
  const blanks: Span[] = [];
  const slices: Span[] = [];
  let line = lineAt(text, start);
  const from = skipSpace(text, start, line.end);
  let last = line;
  let mark = continuationMark(text, from, line.end, escapeChar);
  slices.push({ start: from, end: mark ?? line.end });
  while (mark !== undefined && line.next < text.length) {
    line = lineAt(text, line.next);
    const first = skipSpace(text, line.start, line.end);
    if (first === line.end) blanks.push({ start: line.start, end: line.next });
    else if (text[first] === '#') comments.push({ start: first, end: line.end });
    else {
      mark = continuationMark(text, line.start, line.end, escapeChar);
      slices.push({ start: line.start, end: mark ?? line.end });
      last = line;
    }
  }
  return {
    folded: fold(text, slices),
    span: { start: from, end: trimSpaceEnd(text, from, last.end) },
    next: last.next,
    comments: line === last ? comments : comments.filter((comment) => comment.start < last.end),
    blanks,
  };
}

/**
 * Where the escape character stands that continues the line, if one does: last on the line but for blanks, and not
 * itself preceded by one (BuildKit looks at one character before it, however many there are).
 */
function continuationMark(
  text: string,
  start: number,
  end: number,
  escapeChar: Dockerfile['escape'],
): number | undefined {
  let at = end - 1;
  while (at >= start && (text[at] === ' ' || text[at] === '\t')) at--;
  if (at < start || text[at] !== escapeChar) return undefined;
  return at > start && text[at - 1] === escapeChar ? undefined : at;
}
