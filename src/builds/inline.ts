import type { Span } from '../report/finding.ts';
import { buildFileError, type Said } from './said.ts';

/** A Dockerfile inside of a compose or bake file. */
export interface InlineText {
  readonly text: string;
  /** The span of the outer file that a span of `text` stands for. */
  outer(span: Span): Span;
  /**
   * The outer text between `start` and `end` for another inner text; undefined where it cannot be written back as
   * surely as it was read.
   */
  readonly write?: (text: string) => string;
  /** What `write` replaces. */
  readonly span: Span;
}

/** A piece of the text and the place it comes from. */
interface Piece {
  readonly start: number;
  readonly outer: number;
  readonly length: number;
}

/** @throws DlintError E_CONFIG when it hangs on a variable that is not set */
export function readInline(value: Said): InlineText {
  const { text, missing, span, file } = value;
  if (text === undefined) {
    const hint = `a dollar of the Dockerfile itself is $$ in a compose file; or give a default: \${${missing}:-value}`;
    throw buildFileError(file, span.start, `${missing} is not set`, hint);
  }
  const source = file.source.text;
  const block = readBlock(source, span);
  const pieces = block && alignLines(block.lines, text, source);
  if (!block || !pieces) return { text, span, outer: () => firstLine(source, span) };
  const raw = source.slice(block.span.start, block.span.end);
  const write = (inner: string): string => writeBlock(inner, block, raw);
  const isFaithful = write(text) === raw;
  return { text, span: block.span, outer: (inner) => mapSpan(inner, pieces), ...(isFaithful && { write }) };
}

function firstLine(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', start);
  return { start, end: Math.min(end, newline < 0 ? end : newline) };
}

interface Block {
  readonly lines: readonly Span[];
  readonly indent: string;
  /** All its lines. */
  readonly span: Span;
}

/** The lines of a literal block scalar (`|`), without their indentation (YAML 1.2.2, 8.1). */
function readBlock(text: string, { start, end }: Span): Block | undefined {
  const header = /^\|[-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n/.exec(text.slice(start, Math.min(end, start + 500)));
  if (!header) return undefined;
  const from = start + header[0].length;
  const digit = /^\|[-+]?(\d)/.exec(header[0]);
  const indent = digit ? undefined : /^(?:[ \t]*\r?\n)*( +)/.exec(text.slice(from, end))?.[1];
  if (indent === undefined) return undefined;
  const lines: Span[] = [];
  for (let at = from; at < end; ) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const isIndented = text.startsWith(indent, at);
    lines.push({ start: isIndented ? at + indent.length : next - Number(newline >= 0 && newline < end), end: next });
    at = next;
  }
  return { lines, indent, span: { start: from, end } };
}

/** Line by line; undefined where the text has other lines than the block, as behind a variable of several lines. */
function alignLines(lines: readonly Span[], text: string, source: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of lines) {
    if (at >= text.length) break;
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const raw = source.slice(start, end).replace(/\r\n$/, '\n');
    const isSame = raw === text.slice(at, next) || raw.replace(/\n$/, '') === text.slice(at, next);
    if (isSame) pieces.push({ start: at, outer: start, length: next - at });
    else pieces.push(...alignDollars(raw, text.slice(at, next), at, start));
    at = next;
  }
  return at >= text.length ? pieces : undefined;
}

/** A line in which `$$` stands for `$`; with variables in it, the whole line stands for the whole line. */
function alignDollars(raw: string, line: string, at: number, outer: number): readonly Piece[] {
  if (raw.replaceAll('$$', '$').replace(/\n$/, '') !== line.replace(/\n$/, ''))
    return [{ start: at, outer, length: 0 }];
  const pieces: Piece[] = [];
  let from = 0;
  let inner = at;
  for (const { index } of raw.matchAll(/\$\$/g)) {
    pieces.push({ start: inner, outer: outer + from, length: index + 1 - from });
    inner += index + 1 - from;
    from = index + 2;
  }
  return [...pieces, { start: inner, outer: outer + from, length: raw.length - from }];
}

function mapSpan({ start, end }: Span, pieces: readonly Piece[]): Span {
  const first = place(start, pieces);
  return { start: first, end: Math.max(first, end > start ? place(end - 1, pieces) + 1 : first) };
}

function place(offset: number, pieces: readonly Piece[]): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle] as Piece).start <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece ? piece.outer + Math.min(offset - piece.start, piece.length) : 0;
}

/** What stands behind the last line stays, however many lines of it the text has (`|`, `|-`, `|+`). */
function writeBlock(inner: string, { indent }: Block, raw: string): string {
  const lines = inner
    .replace(/\n+$/, '')
    .replaceAll('$', '$$$$')
    .replace(/^(?=[^\n])/gm, indent);
  return (raw.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines) + (/\s*$/.exec(raw)?.[0] ?? '');
}
