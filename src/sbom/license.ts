import spdxParse, { type SpdxNode } from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { LICENSE_NAMES } from './license-names.ts';

/** A text longer than this is no licence name but the licence itself. */
const MAX_LENGTH = 1024;

const IDS: ReadonlyMap<string, string> = new Map([...deprecatedIds, ...spdxIds].map((id) => [id.toLowerCase(), id]));

/** The ids of SPDX that are not deprecated. */
export const LICENSE_IDS: readonly string[] = spdxIds;

/** Whether the text is one SPDX licence id in its right spelling. */
export function isLicenseId(text: string): boolean {
  return IDS.get(text.toLowerCase()) === text;
}

/** Whether the text is a valid SPDX expression (SPDX 2.3, annex D). */
export function isExpression(text: string): boolean {
  try {
    spdxParse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * One licence name as Debian, Alpine, Fedora, npm or PyPI write it → an SPDX expression; undefined when there is none
 * that means exactly the same. Names that leave something open ("BSD", "GPL" without version) stay open.
 */
export function spdxOf(name: string): string | undefined {
  const text = name.trim().replace(/\s+/g, ' ');
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  const key = text.toLowerCase();
  return IDS.get(key) ? current(IDS.get(key) as string) : (LICENSE_NAMES.get(key) ?? gnu(key) ?? canonical(text));
}

/** The expression in its one spelling: operators in capitals, no needless parentheses. */
function canonical(text: string): string | undefined {
  try {
    return render(spdxParse(text), '');
  } catch {
    return undefined;
  }
}

function render(node: SpdxNode, within: string): string {
  if ('conjunction' in node) {
    const word = node.conjunction.toUpperCase();
    const text = `${render(node.left, word)} ${word} ${render(node.right, word)}`;
    return within === '' || within === word ? text : `(${text})`;
  }
  const id = current(`${node.license}${node.plus ? '+' : ''}`);
  return node.exception ? `${id} WITH ${node.exception}` : id;
}

/** Ids that SPDX deprecated for being unclear where the meaning is not: `GPL-2.0` is `GPL-2.0-only`. */
function current(id: string): string {
  if (!/^(AGPL|GFDL|GPL|LGPL)-\d\.\d\+?$/.test(id)) return id;
  return id.endsWith('+') ? `${id.slice(0, -1)}-or-later` : `${id}-only`;
}

/** `GPL-2+`, `GPLv3`, `LGPL-2.1-or-later`, `GFDL-NIV-1.3+`, optionally with an exception that SPDX knows. */
function gnu(key: string): string | undefined {
  const [base = '', exception] = key.split(/ with (?:the )?/, 2);
  const match =
    /^(a?gpl|lgpl|gfdl)(-niv)?(?:[- ]?v(?:ersion )?|[- ])?(\d(?:\.\d)?)(\+| or later|-or-later|-only)?$/.exec(base);
  if (!match?.[1] || !match[3]) return undefined;
  const version = match[3].includes('.') ? match[3] : `${match[3]}.0`;
  const later = match[4] !== undefined && match[4] !== '-only' ? 'or-later' : 'only';
  const id = `${match[1].toUpperCase()}-${version}${match[2] ? '-no-invariants' : ''}-${later}`;
  if (!IDS.has(id.toLowerCase())) return undefined;
  if (exception === undefined) return id;
  const known = EXCEPTIONS.get(exception.replace(/ exceptions?$/, ''));
  return known ? `${id} WITH ${known}` : undefined;
}

const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ['bison', 'Bison-exception-2.2'],
  ['classpath', 'Classpath-exception-2.0'],
  ['font', 'Font-exception-2.0'],
  ['libtool', 'Libtool-exception'],
]);

/**
 * A statement of several names → an SPDX expression. Understands SPDX itself, `|` and `&`, Alpine's lists of words, and
 * Debian's `A or B, and C` (copyright-format 1.0 §7.2: the comma binds weaker). What no id exists for becomes a
 * `LicenseRef`, so nothing is lost. Undefined when the text is no statement, or one that can be read two ways.
 */
export function expressionOf(statement: string): string | undefined {
  const text = statement
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^\(([^()]*)\)$/, '$1');
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  const whole = spdxOf(text);
  if (whole) return whole;
  const words = text.split(' ').map(spdxOf);
  if (words.every((word) => word !== undefined)) return allOf(words as string[]);
  const joined = readStatement(text);
  return joined === undefined ? undefined : canonical(joined);
}

const TOKEN = /(, ?(?:and|or)(?=[ (])|[(),]|(?<=^|[ )])(?:and|or)(?=[ (]|$)|\|\|?|&&?)/i;

interface Cursor {
  readonly tokens: readonly string[];
  at: number;
}

function readStatement(text: string): string | undefined {
  const tokens = text.split(TOKEN).map((token, index) => (index % 2 === 1 ? operator(token) : token.trim()));
  const cursor = { tokens: tokens.filter((token) => token !== ''), at: 0 };
  const expression = readJoined(cursor, 0);
  return cursor.at === cursor.tokens.length ? expression : undefined;
}

/** From the weakest: `, or` and `, and` and the bare comma; `or`; `and`. */
const LEVELS: readonly (readonly string[])[] = [[',OR', ',AND', ','], ['OR'], ['AND']];

function operator(token: string): string {
  const text = token.trim();
  if (/^[(),]$/.test(text)) return text;
  return (text.startsWith(',') ? ',' : '') + (/or$|\|/i.test(text) ? 'OR' : 'AND');
}

function readJoined(cursor: Cursor, level: number): string | undefined {
  const operators = LEVELS[level];
  if (!operators) return readAtom(cursor);
  const parts: string[] = [];
  const used = new Set<string>();
  for (;;) {
    const part = readJoined(cursor, level + 1);
    if (part === undefined) return undefined;
    parts.push(part);
    const next = cursor.tokens[cursor.at];
    if (next === undefined || !operators.includes(next)) break;
    used.add(next === ',OR' || next === 'OR' ? 'OR' : next === ',' ? ',' : 'AND');
    cursor.at++;
  }
  if (parts.length === 1) return parts[0];
  // `A, B or C` is a list of alternatives or of obligations: nobody can tell.
  if (used.size > 1 || (used.has(',') && parts.some((part) => / OR /.test(part)))) return undefined;
  const word = used.has('OR') ? ' OR ' : ' AND ';
  return parts.map((part) => (/ (AND|OR) /.test(part) && !/^\([^()]*\)$/.test(part) ? `(${part})` : part)).join(word);
}

function readAtom(cursor: Cursor): string | undefined {
  const token = cursor.tokens[cursor.at];
  if (token === undefined || [')', ...LEVELS.flat()].includes(token)) return undefined;
  cursor.at++;
  if (token !== '(') return spdxOf(token) ?? licenseRef(token);
  const inner = readJoined(cursor, 0);
  if (inner === undefined || cursor.tokens[cursor.at] !== ')') return undefined;
  cursor.at++;
  return inner;
}

/** SPDX's name for a licence that is not on its list. The name itself belongs into the document beside it. */
export function licenseRef(name: string): string | undefined {
  const id = name
    .trim()
    .replace(/\+/g, '-or-later')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return id === '' ? undefined : `LicenseRef-${id.slice(0, 100)}`;
}

/** All of several expressions hold: distinct ones in byte order, joined by AND. */
export function allOf(expressions: Iterable<string>): string | undefined {
  const distinct = [...new Set(expressions)].sort();
  if (distinct.length <= 1) return distinct[0];
  const joined = distinct.map((one) => (/ OR /.test(one) ? `(${one})` : one)).join(' AND ');
  return canonical(joined) ?? joined;
}

/** The `LicenseRef-*` of an expression, distinct, in byte order. */
export function licenseRefs(expression: string): string[] {
  return [...new Set(expression.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? [])].sort();
}
