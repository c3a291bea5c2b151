import { Cursor } from './cursor.ts';
import { parseExpression, parseForHead } from './parse-expression.ts';
import type { Expression } from './syntax.ts';

/** Where a template ends, and what of it is text. */
interface Kind {
  /** At the place where it ends. */
  isEnd(cursor: Cursor): boolean;
  /** Plain characters, at least one; undefined where none are. Sticky. */
  readonly plain: RegExp;
  readonly hasEscapes: boolean;
}

const quoted: Kind = { isEnd: (cursor) => cursor.peek('"'), plain: /[^"\\$%\n]+/y, hasEscapes: true };
const bare: Kind = { isEnd: (cursor) => cursor.isAtEnd, plain: /[^$%]+/y, hasEscapes: false };

/** `"… ${x} …"` */
export function parseQuoted(cursor: Cursor): Expression {
  const start = cursor.at++;
  const parts = parseParts(cursor, quoted);
  cursor.expect('"', 'at the end of a text');
  return templateOf(parts, start, cursor.at);
}

/** A text of JSON, which is a template as a whole (HCL JSON Syntax Specification, "Strings"). @throws HclError */
export function parseTemplate(text: string): Expression {
  const cursor = new Cursor(text);
  return templateOf(parseParts(cursor, bare), 0, text.length);
}

/** `<<EOT`, and `<<-EOT` without the indentation that all lines have. */
export function parseHeredoc(cursor: Cursor): Expression {
  const start = cursor.at;
  const head = cursor.match(/<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy);
  if (!head) return cursor.fail('a heredoc begins with <<NAME and the end of the line');
  const [, flush, marker] = head;
  const close = new RegExp(`^[ \\t]*${marker}(?=\\r?$)`, 'mu');
  const rest = close.exec(cursor.text.slice(cursor.at));
  if (!rest) return cursor.fail(`the heredoc ${marker} is not closed`, start);
  const end = cursor.at + rest.index;
  const kind: Kind = { isEnd: ({ at }) => at >= end, plain: /[^$%\n]+|\n/y, hasEscapes: false };
  const parts = parseParts(cursor, kind);
  cursor.at = end + rest[0].length;
  return templateOf(flush ? flushed(parts) : parts, start, cursor.at);
}

function templateOf(parts: readonly Expression[], start: number, end: number): Expression {
  return { kind: 'template', parts, start, end };
}

function parseParts(cursor: Cursor, kind: Kind, closers: readonly string[] = []): Expression[] {
  const parts: Expression[] = [];
  while (!kind.isEnd(cursor)) {
    const start = cursor.at;
    if (cursor.isAtEnd) cursor.fail('a text is not closed');
    if (cursor.take('$${') || cursor.take('%%{')) parts.push(literal(cursor.text.slice(start + 1, cursor.at), start));
    else if (cursor.peek('${')) parts.push(parseInterpolation(cursor, parts));
    else if (cursor.peek('%{')) {
      if (closers.some((word) => isDirective(cursor, word))) break;
      parts.push(parseDirective(cursor, kind, parts));
    } else parts.push(literal(parseText(cursor, kind), start, cursor.at));
    trimNext(cursor, parts, start);
  }
  return parts;
}

function literal(value: string, start: number, end = start + value.length): Expression {
  return { kind: 'literal', value, start, end };
}

function parseText(cursor: Cursor, { plain, hasEscapes }: Kind): string {
  if (hasEscapes && cursor.peek('\\')) return parseEscape(cursor);
  if (hasEscapes && cursor.peek('\n')) cursor.fail('a text is not closed in its line');
  const text = cursor.match(plain)?.[0] ?? (cursor.text[cursor.at++] as string);
  return hasEscapes ? text : text.replaceAll('\r\n', '\n').replace(/\r$/, cursor.peek('\n') ? '' : '\r');
}

function parseEscape(cursor: Cursor): string {
  const simple = cursor.match(/\\([nrt"\\])/y)?.[1];
  if (simple !== undefined) return { n: '\n', r: '\r', t: '\t' }[simple] ?? simple;
  const code = cursor.match(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/y);
  const point = Number.parseInt(code?.[1] ?? code?.[2] ?? '110000', 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : cursor.fail('there is no such escape in a text');
}

/** `~` takes the blanks on its side away. */
function parseInterpolation(cursor: Cursor, before: Expression[]): Expression {
  cursor.at += 2;
  if (cursor.take('~')) trimEnd(before);
  const inner = parseExpression(cursor, true);
  cursor.skip(true);
  closeMarker(cursor);
  return inner;
}

function closeMarker(cursor: Cursor): void {
  cursor.take('~');
  cursor.expect('}', 'at the end of ${ or %{');
}

function trimEnd(parts: Expression[]): void {
  while (parts.length > 0) {
    const last = parts.at(-1) as Expression;
    if (last.kind !== 'literal' || typeof last.value !== 'string') return;
    const value = last.value.trimEnd();
    parts[parts.length - 1] = { ...last, value };
    if (value !== '') return;
    parts.pop();
  }
}

/** Behind `~}`. */
function trimNext(cursor: Cursor, parts: readonly Expression[], start: number): void {
  const last = parts.at(-1);
  if (last?.kind === 'literal' && last.start === start) return;
  if (cursor.text.startsWith('~}', cursor.at - 2)) cursor.match(/\s+/y);
}

function isDirective(cursor: Cursor, word: string): boolean {
  const match = /%\{~?\s*(\w+)/y;
  match.lastIndex = cursor.at;
  return match.exec(cursor.text)?.[1] === word;
}

function openDirective(cursor: Cursor, before: Expression[]): string | undefined {
  cursor.at += 2;
  if (cursor.take('~')) trimEnd(before);
  cursor.skip(true);
  return cursor.identifier();
}

function closeDirective(cursor: Cursor): void {
  cursor.skip(true);
  const isTrimmed = cursor.peek('~');
  closeMarker(cursor);
  if (isTrimmed) cursor.match(/\s+/y);
}

/** `%{if x}…%{else}…%{endif}`, `%{for x in y}…%{endfor}` */
function parseDirective(cursor: Cursor, kind: Kind, before: Expression[]): Expression {
  const start = cursor.at;
  const word = openDirective(cursor, before);
  return cursor.nested(() => {
    if (word === 'if') return parseIf(cursor, kind, start);
    if (word === 'for') return parseForDirective(cursor, kind, start);
    return cursor.fail(`there is no directive %{${word ?? ''}}`, start);
  });
}

function parseIf(cursor: Cursor, kind: Kind, start: number): Expression {
  const test = parseExpression(cursor, true);
  closeDirective(cursor);
  const yes = parseParts(cursor, kind, ['else', 'endif']);
  let no: Expression[] = [];
  if (isDirective(cursor, 'else')) {
    openDirective(cursor, yes);
    closeDirective(cursor);
    no = parseParts(cursor, kind, ['endif']);
  }
  if (!isDirective(cursor, 'endif')) cursor.fail('%{if} is not closed', start);
  openDirective(cursor, no.length > 0 ? no : yes);
  closeDirective(cursor);
  const end = cursor.at;
  const place = { start, end };
  return { kind: 'if', test, yes: templateText(yes, place), no: templateText(no, place), ...place };
}

function parseForDirective(cursor: Cursor, kind: Kind, start: number): Expression {
  const head = parseForHead(cursor);
  closeDirective(cursor);
  const parts = parseParts(cursor, kind, ['endfor']);
  if (!isDirective(cursor, 'endfor')) cursor.fail('%{for} is not closed', start);
  openDirective(cursor, parts);
  closeDirective(cursor);
  const place = { start, end: cursor.at };
  return { kind: 'join', of: { ...head, result: templateText(parts, place), grouped: false, ...place }, ...place };
}

/** Always a text, also of one piece. */
function templateText(parts: readonly Expression[], { start, end }: { start: number; end: number }): Expression {
  return templateOf([literal('', start), ...parts], start, end);
}

/** Without what all lines are indented by; lines of blanks have no say, and stay as they are. */
function flushed(parts: readonly Expression[]): readonly Expression[] {
  const depths = parts.map((part, i) => indentation(parts, part, i));
  const depth = depths.reduce<number>((least, each) => Math.min(least, each ?? least), Number.MAX_SAFE_INTEGER);
  return parts.map((part, i) =>
    depths[i] !== undefined && part.kind === 'literal' && typeof part.value === 'string'
      ? { ...part, value: part.value.slice(depth) }
      : part,
  );
}

/** Of a part that begins a line which is not blank. */
function indentation(parts: readonly Expression[], part: Expression, i: number): number | undefined {
  const isFirst = i === 0 || isNewline(parts[i - 1]);
  if (!isFirst || isNewline(part)) return undefined;
  if (part.kind !== 'literal' || typeof part.value !== 'string') return 0;
  const rest = part.value.trimStart();
  const isBlank = rest === '' && isNewline(parts[i + 1]);
  return isBlank ? undefined : part.value.length - rest.length;
}

function isNewline(part: Expression | undefined): boolean {
  return part?.kind === 'literal' && part.value === '\n';
}
