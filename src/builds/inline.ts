import type { Span } from '../report/finding.ts';
import { knownText, type Said } from './said.ts';

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
  const { span, file } = value;
  const text = knownText(value);
  const source = file.source.text;
  const block = readBlock(source, span) ?? readHeredoc(source, span);
  const pieces = block && alignLines(block, text, source);
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
  readonly escapes: Escapes;
}

/** What is written twice so that it stands for itself. */
interface Escapes {
  /** As it is written: its first character goes. */
  readonly written: RegExp;
  /** As it is meant: its first character is doubled. */
  readonly meant: RegExp;
}

const composeEscapes: Escapes = { written: /\$\$/g, meant: /\$/g };
const hclEscapes: Escapes = { written: /\$\$\{|%%\{/g, meant: /[$%]\{/g };

/** The lines of a literal block scalar (`|`), without their indentation (YAML 1.2.2, 8.1). */
function readBlock(text: string, { start, end }: Span): Block | undefined {
  const header = /^\|[-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n/.exec(text.slice(start, Math.min(end, start + 500)));
  if (!header) return undefined;
  const from = start + header[0].length;
  const digit = /^\|[-+]?(\d)/.exec(header[0]);
  const indent = digit ? undefined : /^(?:[ \t]*\r?\n)*( +)/.exec(text.slice(from, end))?.[1];
  if (indent === undefined) return undefined;
  const span = { start: from, end };
  return { lines: linesIn(text, span, indent), indent, span, escapes: composeEscapes };
}

/** The lines between `<<EOT` and `EOT`; those of `<<-EOT` without the indentation that all of them have. */
function readHeredoc(text: string, { start, end }: Span): Block | undefined {
  const header = /^<<(-?)[^\n]*\n/.exec(text.slice(start, Math.min(end, start + 500)));
  if (!header) return undefined;
  const span = { start: start + header[0].length, end: text.lastIndexOf('\n', end - 1) + 1 };
  if (span.end < span.start) return undefined;
  const lines = text.slice(span.start, span.end).match(/^[ \t]*(?=[^\s])/gm) ?? [];
  const shortest =
    header[1] === '-' ? lines.reduce((least, each) => (each.length < least.length ? each : least), lines[0] ?? '') : '';
  return { lines: linesIn(text, span, shortest), indent: shortest, span, escapes: hclEscapes };
}

function linesIn(text: string, { start, end }: Span, indent: string): readonly Span[] {
  const lines: Span[] = [];
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const isIndented = text.startsWith(indent, at);
    lines.push({ start: isIndented ? at + indent.length : next - Number(newline >= 0 && newline < end), end: next });
    at = next;
  }
  return lines;
}

/** Line by line; undefined where the text has other lines than the block, as behind a variable of several lines. */
function alignLines({ lines, escapes }: Block, text: string, source: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of lines) {
    if (at >= text.length) break;
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const raw = source.slice(start, end).replace(/\r\n$/, '\n');
    const isSame = raw === text.slice(at, next) || raw.replace(/\n$/, '') === text.slice(at, next);
    if (isSame) pieces.push({ start: at, outer: start, length: next - at });
    else pieces.push(...alignEscapes(raw, text.slice(at, next), at, start, escapes));
    at = next;
  }
  return at >= text.length ? pieces : undefined;
}

/** A line in which `$$` stands for `$`; with variables in it, the whole line stands for the whole line. */
function alignEscapes(raw: string, line: string, at: number, outer: number, { written }: Escapes): readonly Piece[] {
  if (raw.replace(written, (all) => all.slice(1)).replace(/\n$/, '') !== line.replace(/\n$/, ''))
    return [{ start: at, outer, length: 0 }];
  const pieces: Piece[] = [];
  let from = 0;
  let inner = at;
  for (const { index } of raw.matchAll(written)) {
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
function writeBlock(inner: string, { indent, escapes }: Block, raw: string): string {
  const lines = inner
    .replace(/\n+$/, '')
    .replace(escapes.meant, (all) => all[0] + all)
    .replace(/^(?=[^\n])/gm, indent);
  return (raw.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines) + (/\s*$/.exec(raw)?.[0] ?? '');
}
