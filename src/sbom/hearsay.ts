import type { Package } from './package.ts';
import { parsePurl } from './purl.ts';

/** Kinds whose namespace is the distribution, which a document may call otherwise than the image does. */
const OF_DISTRIBUTION = new Set(['apk', 'deb', 'rpm', 'alpm']);

/**
 * Without the packages of `hearsay` catalogers that others found, or that another document states with a longer purl:
 * qualifiers aside, and for packages of a distribution whatever it is called.
 */
export function withoutHearsay(found: readonly Package[], hearsay: ReadonlySet<string>): Package[] {
  if (!found.some(({ foundBy }) => hearsay.has(foundBy))) return [...found];
  const told = new Map<string, Package>();
  const seen = new Set<string>();
  for (const one of found) {
    if (!hearsay.has(one.foundBy)) {
      seen.add(identityOf(one.purl));
      continue;
    }
    const identity = identityOf(one.purl);
    const before = told.get(identity);
    if (!before || one.purl.length > before.purl.length) told.set(identity, one);
  }
  return found.filter((one) => {
    if (!hearsay.has(one.foundBy)) return true;
    const identity = identityOf(one.purl);
    return !seen.has(identity) && told.get(identity)?.purl === one.purl;
  });
}

function identityOf(purl: string): string {
  const { type, namespace, name, version } = parsePurl(purl);
  return [type, OF_DISTRIBUTION.has(type) ? '' : (namespace ?? ''), name, version ?? ''].join('\0');
}
