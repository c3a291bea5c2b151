import { lines } from './control-file.ts';
import { expressionOf, spdxOf } from './license.ts';
import { licensesInText } from './license-text.ts';
import type { Party } from './package.ts';
import { parseParty } from './party.ts';

const MAX_FIELD = 65_536;
const MAX_REQUIREMENTS = 5000;

/** What a METADATA or PKG-INFO file states (packaging.python.org, "Core metadata specifications"). */
export interface Metadata {
  readonly name?: string;
  readonly version?: string;
  readonly summary?: string;
  readonly declaredLicense?: string;
  readonly concludedLicense?: string;
  readonly supplier?: Party;
  readonly homepage?: string;
  readonly sourceUrl?: string;
  readonly requires: readonly Requirement[];
}

export interface Requirement {
  /** Normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  /** The extra that asks for it: `; extra == "test"`. */
  readonly onlyFor?: string;
}

/** PEP 503. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

export function readMetadata(text: string): Metadata {
  const fields = readHeaders(text);
  const one = (key: string) => known(fields.get(key)?.[0]);
  const links = linksOf(fields.get('project-url') ?? []);
  const parties = ['author', 'author-email', 'maintainer', 'maintainer-email'].map((key) => one(key));
  return {
    ...license(one('license-expression'), one('license'), fields.get('classifier') ?? []),
    ...defined('name', one('name')),
    ...defined('version', one('version')),
    ...defined('summary', one('summary')?.slice(0, 500)),
    ...defined('supplier', supplier(parties[0], parties[1]) ?? supplier(parties[2], parties[3])),
    ...defined('homepage', url(one('home-page')) ?? links.get('homepage')),
    ...defined('sourceUrl', links.get('source') ?? links.get('repository') ?? links.get('sourcecode')),
    requires: (fields.get('requires-dist') ?? []).slice(0, MAX_REQUIREMENTS).flatMap(requirement),
  };
}

/** Headers of RFC 822 until the first empty line; keys in lower case; folded lines joined by newlines. */
function readHeaders(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of lines(text)) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) {
      const last = values?.length ? (values[values.length - 1] as string) : undefined;
      if (values && last !== undefined && last.length < MAX_FIELD)
        values[values.length - 1] = `${last}\n${line.trim()}`;
      continue;
    }
    const colon = line.slice(0, 256).indexOf(':');
    const key = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : '';
    values = key === '' ? undefined : (fields.get(key) ?? []);
    if (!values) continue;
    values.push(line.slice(colon + 1, colon + 1 + MAX_FIELD).trim());
    fields.set(key, values);
  }
  return fields;
}

/** The expression of PEP 639; else the License field, a name or the words of one licence; else the trove classifiers. */
function license(expression: string | undefined, field: string | undefined, classifiers: readonly string[]) {
  if (expression) return { declaredLicense: expression, ...defined('concludedLicense', expressionOf(expression)) };
  const classified = classifiers
    .filter((one) => one.startsWith('License ::'))
    .map((one) => one.slice(one.lastIndexOf('::') + 2).trim())
    .filter((one) => one !== '' && one !== 'OSI Approved' && one !== 'Other/Proprietary License');
  const isName = field !== undefined && field.length <= 300 && !field.includes('\n');
  const [text, ...others] = field && !isName && classified.length === 0 ? licensesInText(field) : [];
  const named = isName ? field : others.length === 0 ? text : undefined;
  // Several classifiers may mean a choice or all of them, so they are stated and not concluded from.
  const concluded = (named && spdxOf(named)) ?? (classified.length === 1 ? spdxOf(classified[0] as string) : undefined);
  const declared = named ?? (classified.length > 0 ? classified.join(', ') : undefined);
  const other = !concluded && named && classified.length === 0 ? expressionOf(named) : undefined;
  return { ...defined('declaredLicense', declared), ...defined('concludedLicense', concluded ?? other) };
}

/** Author-email may hold several `Name <mail>`, separated by commas; the first stands for them. */
function supplier(name: string | undefined, email: string | undefined): Party | undefined {
  const first = email?.split(/,(?![^<]*>)/, 1)[0]?.trim();
  const party = first ? parseParty(first) : undefined;
  if (!name) return party;
  return { name: name.slice(0, 500), ...(party?.email ? { email: party.email } : {}) };
}

/** `Project-URL: Source Code, https://…`: labels without case, blanks and punctuation (PEP 753). */
function linksOf(values: readonly string[]): Map<string, string> {
  const links = new Map<string, string>();
  for (const value of values) {
    const comma = value.indexOf(',');
    const target = url(value.slice(comma + 1).trim());
    const label = value
      .slice(0, comma)
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    if (comma > 0 && target && !links.has(label)) links.set(label, target);
  }
  return links;
}

/** `name[extra,…] (>=1) ; marker` (PEP 508). */
function requirement(text: string): Requirement[] {
  const match = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?/.exec(text);
  if (!match?.[1]) return [];
  const marker = text.slice(text.indexOf(';') + 1);
  const extra = text.includes(';') ? /\bextra\s*==\s*['"]([^'"]+)['"]/.exec(marker)?.[1] : undefined;
  const extras = (match[2] ?? '').split(',').map((one) => normalizeName(one.trim()));
  return [
    {
      name: normalizeName(match[1]),
      extras: extras.filter((one) => one !== ''),
      ...defined('onlyFor', extra && normalizeName(extra)),
    },
  ];
}

function known(value: string | undefined): string | undefined {
  return value && value !== 'UNKNOWN' ? value : undefined;
}

function url(text: string | undefined): string | undefined {
  return text && /^https?:\/\/\S+$/.test(text) ? text : undefined;
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
