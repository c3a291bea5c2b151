import { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import type { Attribute, Block, Body } from './syntax.ts';

/** @throws HclError */
export function parseHcl(text: string): Body {
  const cursor = new Cursor(text);
  const body = parseBody(cursor, false);
  if (!cursor.isAtEnd) cursor.fail('an attribute or a block belongs here');
  return body;
}

function parseBody(cursor: Cursor, isInside: boolean): Body {
  const attributes = new Map<string, Attribute>();
  const blocks: Block[] = [];
  for (;;) {
    cursor.skip(true);
    const at = cursor.at;
    if (cursor.isAtEnd || (isInside && cursor.peek('}'))) break;
    const name = parseName(cursor);
    if (name === undefined) break;
    cursor.skip(false);
    if (!cursor.peek('=') || cursor.peek('==')) blocks.push(parseBlock(cursor, name, at));
    else {
      if (attributes.has(name)) cursor.fail(`the attribute ${name} stands here twice`, at);
      attributes.set(name, { at, value: parseValue(cursor) });
      cursor.skip(false);
      const isEnd = cursor.newline() || cursor.isAtEnd || (isInside && cursor.peek('}'));
      if (!isEnd) cursor.fail('a line has to end behind an attribute');
    }
  }
  return { attributes, blocks };
}

/** Bake's own documents write names of attributes in quotes, too. */
function parseName(cursor: Cursor): string | undefined {
  return cursor.match(/"([\w.-]+)"/y)?.[1] ?? cursor.identifier();
}

function parseValue(cursor: Cursor): Attribute['value'] {
  cursor.expect('=', 'behind the name');
  return parseExpression(cursor, false);
}

function parseBlock(cursor: Cursor, type: string, start: number): Block {
  const labels: string[] = [];
  let at = start;
  for (;;) {
    cursor.skip(false);
    const before = cursor.at;
    const quoted = cursor.match(/"((?:[^"\\\n]|\\.)*)"/y)?.[1]?.replace(/\\(.)/g, '$1');
    const label = quoted ?? cursor.identifier();
    if (label === undefined) break;
    labels.push(label);
    at = before + Number(quoted !== undefined);
  }
  cursor.expect('{', `behind ${type}`);
  const body = cursor.nested(() => parseBody(cursor, true));
  cursor.expect('}', `at the end of ${type}`);
  return { type, labels, at, body };
}
