import type { Edit, Span } from './finding.ts';
import { positionAt } from './position.ts';
import { columnsOf, displayWidth, type Paint, painter, type Style, visible } from './style.ts';

const maxLines = 5;

export interface FrameOptions {
  readonly style: Style;
  /** Colour of the underline. */
  readonly paint: Paint;
  /** Width of the line numbers, so that frames of one file stand under each other. */
  readonly gutter: number;
}

/**
 * The lines under `span`, each with the part that belongs to it underlined. Tabs are four columns, wide characters
 * two; a line too long for the terminal is cut around the part that matters. Of a long span the first lines and the
 * last are shown.
 */
export function* codeFrame(
  text: string,
  starts: readonly number[],
  span: Span,
  options: FrameOptions,
): Generator<string> {
  for (const line of linesUnder(starts, span)) {
    if (line === undefined) yield `${frameGutter('', '⋮', options)}\n`;
    else yield* frameLine(text, starts, line, span, options);
  }
}

/** The lines to show of a span; undefined stands for those between the first ones and the last. */
export function linesUnder(starts: readonly number[], span: Span): readonly (number | undefined)[] {
  const first = positionAt(starts, span.start).line;
  const last = Math.max(first, positionAt(starts, Math.max(span.start, span.end - 1)).line);
  const isLong = last - first >= maxLines;
  const shown = Array.from({ length: isLong ? maxLines - 2 : last - first + 1 }, (_, i) => first + i);
  return isLong ? [...shown, undefined, last] : shown;
}

function* frameLine(
  text: string,
  starts: readonly number[],
  line: number,
  span: Span,
  options: FrameOptions,
): Generator<string> {
  const { shown, mark } = underline(text, starts, line, span, Math.max(20, options.style.width - options.gutter - 5));
  const paint = painter(options.style.color);
  const space = mark.length - mark.trimStart().length;
  yield `${frameGutter(String(line), '│', options)} ${shown}\n`;
  yield `${frameGutter('', '│', options)} ${mark.slice(0, space)}${paint(mark.slice(space), options.paint, 'bold')}\n`;
}

/** One line as it is shown in `width` columns, and the marks that stand under the part of it that `span` covers. */
export function underline(
  text: string,
  starts: readonly number[],
  line: number,
  span: Span,
  width: number,
): { readonly shown: string; readonly mark: string } {
  const { before, marked, after } = markedLine(text, starts, line, span, width);
  const mark = ' '.repeat(displayWidth(before)) + '^'.repeat(Math.max(1, displayWidth(marked)));
  return { shown: before + marked + after, mark };
}

/** A line in three parts, of which `span` covers the middle one. */
export interface MarkedLine {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** What is shown of one line in `width` columns. */
export function markedLine(
  text: string,
  starts: readonly number[],
  line: number,
  span: Span,
  width: number,
): MarkedLine {
  const start = starts[line - 1] as number;
  const content = lineAt(text, starts, line);
  // On the lines that follow, indentation is not what the finding is about.
  const from = span.start >= start ? span.start - start : content.length - content.trimStart().length;
  const to = Math.max(from, Math.min(span.end - start, content.length));
  return cut(content, from, to, width);
}

function frameGutter(number: string, bar: string, { style, gutter }: FrameOptions): string {
  return painter(style.color)(`  ${number.padStart(gutter)} ${bar}`, 'dim');
}

/** A line without its line end and byte order mark. Offsets into it stay those of the line. */
function lineAt(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line - 1], starts[line] ?? text.length).replace(/\r?\n$/, '');
}

/** What of a line fits into `width` columns such that `from`–`to` is seen. */
function cut(content: string, from: number, to: number, width: number): MarkedLine {
  const left = visibleLine(content.slice(0, from));
  const middle = visibleLine(content.slice(from, to));
  const right = visibleLine(content.slice(to));
  const total = displayWidth(left) + displayWidth(middle) + displayWidth(right);
  if (total <= width) return { before: left, marked: middle, after: right };
  const marked = takeStart(middle, Math.floor(width * 0.75));
  const free = width - displayWidth(marked);
  const behind = Math.min(displayWidth(right), Math.floor(free / 2));
  const lead = takeEnd(left, Math.max(8, free - behind));
  const room = width - displayWidth(lead) - displayWidth(marked);
  const rest = marked === middle ? takeStart(right, room) : '';
  return { before: lead, marked, after: rest };
}

function visibleLine(text: string): string {
  return visible(text.replace(/\ufeff/g, ''));
}

/** At most `width` columns from the front; `…` stands for what is left out. */
function takeStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let taken = '';
  let columns = 1;
  for (const character of text) {
    columns += columnsOf(character);
    if (columns > width) break;
    taken += character;
  }
  return `${taken}…`;
}

function takeEnd(text: string, width: number): string {
  return [...takeStart([...text].reverse().join(''), width)].reverse().join('');
}

/** What a repair makes of the lines it touches, when that is at most three lines; else nothing. */
export function* fixPreview(
  text: string,
  starts: readonly number[],
  edits: readonly Edit[],
  options: FrameOptions,
): Generator<string> {
  const paint = painter(options.style.color);
  const width = Math.max(20, options.style.width - options.gutter - 5);
  for (const { line, sign, text: shown } of changedLines(text, starts, edits, width)) {
    const gutter = `  ${String(line).padStart(options.gutter)} ${sign}`;
    yield `${paint(`${gutter} ${shown}`, sign === '+' ? 'green' : 'red')}\n`;
  }
}

/** The lines that a repair makes, or those that it takes away and puts nothing in their place: three at most, else none. */
export function changedLines(
  text: string,
  starts: readonly number[],
  edits: readonly Edit[],
  width: number,
): readonly { readonly line: number; readonly sign: '+' | '-'; readonly text: string }[] {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
  const firstEdit = sorted[0];
  const lastEdit = sorted.at(-1);
  if (!firstEdit || !lastEdit) return [];
  const first = positionAt(starts, firstEdit.span.start).line;
  const last = positionAt(starts, lastEdit.span.end).line;
  if (last - first > 6) return [];
  const from = starts[first - 1] as number;
  const to = starts[last] ?? text.length;
  const before = splitLines(text.slice(from, to));
  const after = splitLines(applyTo(text, from, to, sorted));
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same++;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - same && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const removed = before.slice(same, before.length - tail);
  const added = after.slice(same, after.length - tail);
  if (added.length > 3 || removed.length > 3) return [];
  const [sign, changes] = added.length > 0 ? (['+', added] as const) : (['-', removed] as const);
  return changes.map((line, i) => ({
    line: first + same + i,
    sign,
    text: takeAround(visibleLine(line), removed[i], width),
  }));
}

/** A changed line, cut so that the place where it differs from the old one is seen. */
function takeAround(line: string, old: string | undefined, width: number): string {
  if (displayWidth(line) <= width || old === undefined) return takeStart(line, width);
  const before = visibleLine(old);
  const most = Math.min(line.length, before.length);
  let same = 0;
  while (same < most && line[same] === before[same]) same++;
  let tail = 0;
  while (tail < most - same && line.at(-1 - tail) === before.at(-1 - tail)) tail++;
  const { before: lead, marked, after } = cut(line, same, line.length - tail, width);
  return lead + marked + after;
}

function applyTo(text: string, from: number, to: number, edits: readonly Edit[]): string {
  let result = '';
  let at = from;
  for (const { span, text: replacement } of edits) {
    result += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return result + text.slice(at, to);
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
