import type { Cursor } from './cursor.ts';
import { parseHeredoc, parseQuoted } from './parse-template.ts';
import type { Expression, ForExpression, ObjectEntry } from './syntax.ts';

/** Weakest first. */
const operators: readonly RegExp[] = [/\|\|/y, /&&/y, /==|!=/y, /<=|>=|<(?!<)|>/y, /[+-]/y, /[*/%]/y];

/** @param lines whether line ends mean nothing, as between brackets */
export function parseExpression(cursor: Cursor, lines: boolean): Expression {
  return cursor.nested(() => {
    cursor.skip(lines);
    const test = parseBinary(cursor, lines, 0);
    cursor.skip(lines);
    if (!cursor.take('?')) return test;
    const yes = parseExpression(cursor, lines);
    cursor.skip(lines);
    cursor.expect(':', 'in a condition');
    const no = parseExpression(cursor, lines);
    return { kind: 'if', test, yes, no, start: test.start, end: no.end };
  });
}

function parseBinary(cursor: Cursor, lines: boolean, level: number): Expression {
  const pattern = operators[level];
  if (!pattern) return parseUnary(cursor, lines);
  let left = parseBinary(cursor, lines, level + 1);
  for (;;) {
    const before = cursor.at;
    cursor.skip(lines);
    const operator = cursor.match(pattern)?.[0];
    if (operator === undefined) {
      cursor.at = before;
      return left;
    }
    cursor.skip(lines);
    const right = parseBinary(cursor, lines, level + 1);
    left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
  }
}

function parseUnary(cursor: Cursor, lines: boolean): Expression {
  const start = cursor.at;
  const operator = cursor.match(/-|!(?!=)/y)?.[0] as '-' | '!' | undefined;
  if (operator === undefined) return parsePostfix(cursor);
  cursor.skip(lines);
  const of = cursor.nested(() => parseUnary(cursor, lines));
  return { kind: 'unary', operator, of, start, end: of.end };
}

/** Attributes, indices and splats behind a value. */
function parsePostfix(cursor: Cursor): Expression {
  let value = parseTerm(cursor);
  for (;;) {
    const { start } = value;
    if (cursor.match(/\.\*|\[\*\]/y)) {
      const path: Expression[] = [];
      for (let key = parseKey(cursor); key; key = parseKey(cursor)) path.push(key);
      value = { kind: 'splat', of: value, path, start, end: cursor.at };
      continue;
    }
    const key = parseKey(cursor);
    if (!key) return value;
    value = { kind: 'index', of: value, key, start, end: cursor.at };
  }
}

function parseKey(cursor: Cursor): Expression | undefined {
  const start = cursor.at;
  if (cursor.match(/\.(?=[\p{ID_Start}_\d])/uy)) {
    const name = cursor.match(/\d+/y)?.[0] ?? cursor.identifier() ?? '';
    return { kind: 'literal', value: /^\d/.test(name) ? Number(name) : name, start, end: cursor.at };
  }
  if (cursor.peek('[*') || !cursor.take('[')) return undefined;
  const key = parseExpression(cursor, true);
  cursor.skip(true);
  cursor.expect(']', 'behind an index');
  return key;
}

function parseTerm(cursor: Cursor): Expression {
  const start = cursor.at;
  const number = cursor.match(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)?.[0];
  if (number !== undefined) return { kind: 'literal', value: Number(number), start, end: cursor.at };
  if (cursor.peek('"')) return parseQuoted(cursor);
  if (cursor.peek('<<')) return parseHeredoc(cursor);
  if (cursor.take('(')) {
    const inner = parseExpression(cursor, true);
    cursor.skip(true);
    cursor.expect(')', 'at the end of a group');
    return { ...inner, start, end: cursor.at };
  }
  if (cursor.take('[')) return parseList(cursor, start);
  if (cursor.take('{')) return parseObject(cursor, start);
  const name = cursor.identifier();
  if (name === undefined) return cursor.fail('a value belongs here');
  if (cursor.take('(')) return parseCall(cursor, name, start);
  const literal = new Map<string, boolean | null>([
    ['true', true],
    ['false', false],
    ['null', null],
  ]).get(name);
  if (literal !== undefined) return { kind: 'literal', value: literal, start, end: cursor.at };
  return { kind: 'name', name, start, end: cursor.at };
}

function parseCall(cursor: Cursor, name: string, start: number): Expression {
  const args: Expression[] = [];
  let spread = false;
  for (;;) {
    cursor.skip(true);
    if (cursor.take(')')) break;
    args.push(parseExpression(cursor, true));
    cursor.skip(true);
    spread = cursor.take('...');
    if (spread) cursor.skip(true);
    if (cursor.take(',')) continue;
    cursor.expect(')', `at the end of ${name}(…)`);
    break;
  }
  return { kind: 'call', name, args, spread, start, end: cursor.at };
}

function parseList(cursor: Cursor, start: number): Expression {
  cursor.skip(true);
  if (cursor.keyword('for')) return { ...parseFor(cursor, ']'), start, end: cursor.at };
  const items: Expression[] = [];
  while (!cursor.take(']')) {
    items.push(parseExpression(cursor, true));
    cursor.skip(true);
    if (!cursor.take(',') && !cursor.peek(']')) cursor.fail('"," or "]" is missing in a list');
    cursor.skip(true);
  }
  return { kind: 'list', items, start, end: cursor.at };
}

function parseObject(cursor: Cursor, start: number): Expression {
  cursor.skip(true);
  if (cursor.keyword('for')) return { ...parseFor(cursor, '}'), start, end: cursor.at };
  const entries: ObjectEntry[] = [];
  while (!cursor.take('}')) {
    const key = parseObjectKey(cursor);
    cursor.skip(false);
    if (!cursor.take('=') && !cursor.take(':')) cursor.fail('"=" is missing behind a key');
    entries.push({ key, value: parseExpression(cursor, false) });
    cursor.skip(false);
    if (!cursor.take(',') && !cursor.newline() && !cursor.peek('}')) cursor.fail('"," or "}" is missing in a table');
    cursor.skip(true);
  }
  return { kind: 'object', entries, start, end: cursor.at };
}

/** A plain name stands for itself; in parentheses, for its value. */
function parseObjectKey(cursor: Cursor): Expression {
  const isValue = cursor.peek('(');
  const key = parseExpression(cursor, false);
  return key.kind === 'name' && !isValue ? { kind: 'literal', value: key.name, start: key.start, end: key.end } : key;
}

function parseFor(cursor: Cursor, close: ']' | '}'): ForExpression {
  const head = parseForHead(cursor);
  cursor.skip(true);
  cursor.expect(':', 'behind "for … in …"');
  const first = parseExpression(cursor, true);
  cursor.skip(true);
  const resultKey = close === '}' ? first : undefined;
  if (resultKey) cursor.expect('=>', 'between key and value');
  const result = resultKey ? parseExpression(cursor, true) : first;
  cursor.skip(true);
  const grouped = cursor.take('...');
  cursor.skip(true);
  const test = cursor.keyword('if') ? parseExpression(cursor, true) : undefined;
  cursor.skip(true);
  cursor.expect(close, 'behind "for"');
  return { ...head, result, grouped, ...(resultKey && { resultKey }), ...(test && { test }) };
}

/** `k, v in values`, of which `for` has been read. */
export function parseForHead(cursor: Cursor): Pick<ForExpression, 'kind' | 'key' | 'name' | 'of'> {
  const names: string[] = [];
  do {
    cursor.skip(true);
    names.push(cursor.identifier() ?? cursor.fail('a name belongs behind "for"'));
    cursor.skip(true);
  } while (cursor.take(','));
  if (names.length > 2 || !cursor.keyword('in')) cursor.fail('"in" is missing behind "for"');
  const of = parseExpression(cursor, true);
  const [first, second] = names as [string, string?];
  return second === undefined ? { kind: 'for', name: first, of } : { kind: 'for', key: first, name: second, of };
}
