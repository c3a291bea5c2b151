import type { ByteSource } from '../../layers/byte-source.ts';
import { CLASSIFIERS, type Classifier } from '../classifiers.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

/** A file is looked at in windows that overlap by more than any pattern reaches. */
const WINDOW = 1 << 20;
const OVERLAP = 512;
const LARGEST = 1 << 30;

interface Classified {
  /** As in `Classifier`. */
  readonly product: string;
  readonly version: string;
}

/** Programs that no package manager knows: by their files' names and the versions in them. */
const binary: Cataloger = {
  name: 'binary',
  version: 1,
  isFallback: true,
  files: [],
  reader: {
    wants: ({ path, size }) => size > 0 && size < LARGEST && candidates(path).length > 0,
    read(bytes, path) {
      const found = classify(bytes, candidates(path));
      return found.length > 0 ? found : undefined;
    },
  },
  *catalog(view) {
    for (const { path, value } of view.readings<readonly Classified[]>('binary')) {
      for (const { product, version } of value) {
        const found = toPackage(product, version, path);
        if (found) yield found;
      }
    }
  },
};
export default binary;

function candidates(path: string): Classifier[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return CLASSIFIERS.filter(({ file, path: whole }) => file.test(name) && (!whole || whole.test(path)));
}

/** Of a family the first that fits. */
function classify(bytes: ByteSource, classifiers: readonly Classifier[]): Classified[] {
  const families = new Set<string>();
  const found: Classified[] = [];
  for (const { purl, family, also, versions } of classifiers) {
    if (family && families.has(family)) continue;
    if (also && !search(bytes, also)) continue;
    const version = firstVersion(bytes, versions);
    if (!version) continue;
    if (family) families.add(family);
    found.push({ product: purl, version });
  }
  return found;
}

function firstVersion(bytes: ByteSource, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const version = search(bytes, pattern)?.groups?.version;
    if (version) return version;
  }
  return undefined;
}

function search(bytes: ByteSource, pattern: RegExp): RegExpExecArray | undefined {
  for (let at = 0; at < bytes.size; at += WINDOW - OVERLAP) {
    const match = pattern.exec(bytes.slice(at, at + WINDOW).toString('latin1'));
    if (match) return match;
    if (at + WINDOW >= bytes.size) break;
  }
  return undefined;
}

function toPackage(product: string, version: string, path: string): Package | undefined {
  const [type = 'generic', ...rest] = product.split('/');
  const name = rest.pop() ?? '';
  const purl = tryPurl({ type, ...(rest.length > 0 ? { namespace: rest.join('/') } : {}), name, version });
  if (!purl) return undefined;
  return { name, version, purl, ecosystem: type, foundBy: 'binary', confidence: 0.8, evidence: [path] };
}
