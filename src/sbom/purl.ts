import { type TypeRules, typeRules } from './purl-types.ts';

/** The parts of a package URL (ECMA-427), decoded. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | null;
  readonly name: string;
  readonly version?: string | null;
  /** An empty value is the same as none. */
  readonly qualifiers?: Readonly<Record<string, string | null | undefined>> | null;
  readonly subpath?: string | null;
}

/** What `parsePurl` gives: normalised, every absent part null. */
export interface Purl {
  readonly type: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly version: string | null;
  readonly qualifiers: Readonly<Record<string, string>> | null;
  readonly subpath: string | null;
}

/** A text that is no package URL, or parts that make none. Callers turn it into a problem of the file they read. */
class PurlError extends Error {
  override readonly name = 'PurlError';
}

/**
 * Builds the canonical text.
 *
 * @throws {PurlError} when a required part is missing or a type's rule is broken.
 */
export function buildPurl(parts: PurlParts): string {
  const purl = normalize(parts);
  const qualifiers = Object.entries(purl.qualifiers ?? {}).map(([key, value]) => `${key}=${encode(value)}`);
  return [
    `pkg:${purl.type}/`,
    purl.namespace === null ? '' : `${purl.namespace.split('/').map(encode).join('/')}/`,
    typeRules(purl.type).nameHasSlashes ? purl.name.split('/').map(encode).join('/') : encode(purl.name),
    purl.version === null ? '' : `@${encode(purl.version)}`,
    qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`,
    purl.subpath === null ? '' : `#${purl.subpath.split('/').map(encode).join('/')}`,
  ].join('');
}

/** As `buildPurl`; undefined where that throws, for names that come from an image. */
export function tryPurl(parts: PurlParts): string | undefined {
  try {
    return buildPurl(parts);
  } catch (error) {
    if (error instanceof PurlError) return undefined;
    throw error;
  }
}

/**
 * Reads a package URL. With `lenient`, qualifier keys that begin with a capital are folded instead of refused.
 *
 * @throws {PurlError} when the text is none, or breaks a rule of its type.
 */
export function parsePurl(text: string, { lenient = false }: { lenient?: boolean } = {}): Purl {
  const [beforeSubpath, subpath] = cutLast(text, '#');
  const [beforeQualifiers, query] = cutLast(beforeSubpath, '?');
  const scheme = /^pkg:\/*/i.exec(beforeQualifiers);
  if (!scheme) throw new PurlError('a package URL begins with "pkg:"');
  const rest = beforeQualifiers.slice(scheme[0].length);
  const slash = rest.indexOf('/');
  if (slash < 0) throw new PurlError('a package URL has a type and a name');
  const [path, version] = cutVersion(trimSlashes(rest.slice(slash + 1)));
  const type = rest.slice(0, slash).toLowerCase();
  const nameAt = (typeRules(type).nameHasSlashes ? path.indexOf('/') : path.lastIndexOf('/')) + 1;
  return normalize({
    type,
    namespace:
      nameAt === 0
        ? null
        : path
            .slice(0, nameAt - 1)
            .split('/')
            .map(decode)
            .join('/'),
    name: path.slice(nameAt).split('/').map(decode).join('/'),
    version: version === undefined ? null : decode(version),
    qualifiers: query === undefined ? null : parseQualifiers(query, lenient),
    subpath: subpath === undefined ? null : subpath.split('/').map(decode).join('/'),
  });
}

function normalize(parts: PurlParts): Purl {
  const type = (parts.type ?? '').toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/.test(type)) throw new PurlError(`"${parts.type}" is no package URL type`);
  const rules = typeRules(type);
  const fold = (text: string, lower: boolean | undefined) => (lower ? text.toLowerCase() : text);
  const namespace = fold(segments(parts.namespace ?? '').join('/'), rules.lowerNamespace);
  const name = trimSlashes(parts.name ?? '');
  const version = parts.version ?? '';
  const qualifiers = sortQualifiers(parts.qualifiers ?? {});
  const purl: Purl = {
    type,
    namespace: namespace || null,
    name: (rules.name ?? ((text: string) => text))(fold(name, rules.lowerName), namespace, qualifiers ?? {}),
    version: version === '' ? null : fold(version, rules.lowerVersion),
    qualifiers,
    subpath:
      segments(parts.subpath ?? '')
        .filter((segment) => segment !== '.' && segment !== '..')
        .join('/') || null,
  };
  check(purl, rules);
  return purl;
}

function check(purl: Purl, rules: TypeRules): void {
  const kind = `pkg:${purl.type}`;
  if (purl.name === '') throw new PurlError(`${kind}: a name is required`);
  if (rules.namespace === 'required' && purl.namespace === null)
    throw new PurlError(`${kind}: a namespace is required`);
  if (rules.namespace === 'prohibited' && purl.namespace !== null) throw new PurlError(`${kind} has no namespace`);
  for (const key of rules.requiredQualifiers ?? []) {
    if (!purl.qualifiers?.[key]) throw new PurlError(`${kind}: the qualifier ${key} is required`);
  }
  if (rules.namePattern?.test(purl.name) === false) throw new PurlError(`${kind}: "${purl.name}" is no name`);
  if (purl.version !== null && rules.versionPattern?.test(purl.version) === false) {
    throw new PurlError(`${kind}: "${purl.version}" is no version`);
  }
}

function sortQualifiers(qualifiers: NonNullable<PurlParts['qualifiers']>): Record<string, string> | null {
  const sorted: Record<string, string> = {};
  const folded = Object.entries(qualifiers).map(([key, value]) => [key.toLowerCase(), value] as const);
  for (const [key, value] of folded.sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!/^[a-z][a-z0-9._-]*$/.test(key)) throw new PurlError(`"${key}" is no qualifier key`);
    if (value) sorted[key] = value;
  }
  return Object.keys(sorted).length === 0 ? null : sorted;
}

function parseQualifiers(query: string, lenient: boolean): Record<string, string> {
  const qualifiers = new Map<string, string>();
  for (const pair of query.split('&')) {
    const [key = '', ...value] = pair.split('=');
    if (pair === '') continue;
    // The one reading that agrees with all official cases: `Arch` is refused, `repositorY_url` is folded.
    if (!lenient && /^[A-Z]/.test(key)) throw new PurlError(`the qualifier key "${key}" is not in lower case`);
    const name = key.toLowerCase();
    if (qualifiers.has(name)) throw new PurlError(`the qualifier ${name} stands twice`);
    qualifiers.set(name, decode(value.join('=')));
  }
  return Object.fromEntries(qualifiers);
}

/** Unreserved characters of RFC 3986 and the colon stay; everything else is escaped (ECMA-427, character encoding). */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')).replace(/%3A|[!'()*]/g, (found) =>
    found === '%3A' ? ':' : `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new PurlError(`"${text}" is no percent-encoded UTF-8`);
  }
}

/** The version follows the last `@`; the `@` of an unescaped npm scope is followed by a slash. */
function cutVersion(path: string): [string, string | undefined] {
  const [before, version] = cutLast(path, '@');
  return version?.includes('/') ? [path, undefined] : [before, version];
}

function cutLast(text: string, separator: string): [string, string | undefined] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function trimSlashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '/') start++;
  while (end > start && text[end - 1] === '/') end--;
  return text.slice(start, end);
}
