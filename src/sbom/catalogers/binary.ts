import type { ByteSource } from '../../layers/byte-source.ts';
import { CLASSIFIERS, type Classified, type Classifier } from '../classifiers.ts';
import type { GoBuildInfo } from '../formats/go-build-info.ts';
import type { Cataloger, FileView, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

/** A file is looked at in windows that overlap by more than any pattern reaches. */
const WINDOW = 1 << 20;
const OVERLAP = 512;
const LARGEST = 1 << 30;

/** Programs that no package manager knows: by their files' names and the versions in them. */
const binary: Cataloger = {
  name: 'binary',
  version: 2,
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
    const goPrograms = view.readings<GoBuildInfo>('go').filter(({ value }) => value.main && value.main.path !== '');
    const listed = new Set(goPrograms.map(({ path }) => path));
    for (const { path, value } of view.readings<readonly Classified[]>('binary')) {
      // A Go program is the module that it was built from, which takes its version from here.
      if (listed.has(path) || isOfRuntime(path, view)) continue;
      for (const { product, version } of value) {
        const found = toPackage(product, version, path);
        if (found) yield found;
      }
    }
  },
};
export default binary;

/** A Java runtime whose `release` file is there is found by that (`jvm`). */
function isOfRuntime(path: string, view: FileView): boolean {
  const [, home] = /^(?:(.*)\/)?bin\/(?:java|jdb)$/.exec(path) ?? [];
  return home !== undefined && [home, home.replace(/\/jre$/, '')].some((one) => view.has(`${one}/release`));
}

/** By the first letter of the file's name: ninety patterns for each of a hundred thousand files would take a second. */
const BY_LETTER = byFirstLetter(CLASSIFIERS);

function candidates(path: string): Classifier[] {
  const at = path.lastIndexOf('/') + 1;
  const name = path.slice(at);
  const few = BY_LETTER.get(name[0] ?? '') ?? [];
  return few.filter(({ file, path: whole }) => file.test(name) && (!whole || whole.test(path)));
}

/** Every name pattern begins with `^` and a letter, or with `^(?:` and alternatives that each begin with one. */
function byFirstLetter(classifiers: readonly Classifier[]): ReadonlyMap<string, Classifier[]> {
  const table = new Map<string, Classifier[]>();
  for (const classifier of classifiers) {
    const [, group, plain = ''] = /^\^(?:\(\?:(.*)|(.*))$/.exec(classifier.file.source) ?? [];
    const letters = (group?.split('|') ?? [plain]).map((text) => text.replace(/^\\/, '')[0] ?? '');
    for (const letter of new Set(letters)) table.set(letter, [...(table.get(letter) ?? []), classifier]);
  }
  return table;
}

/** Of a family the first that fits. */
function classify(bytes: ByteSource, classifiers: readonly Classifier[]): Classified[] {
  const families = new Set<string>();
  const found: Classified[] = [];
  for (const { purl, family, also, versions } of classifiers) {
    if (family && families.has(family)) continue;
    if (also && !search(bytes, [also])) continue;
    const version = search(bytes, versions)?.groups?.version;
    if (!version) continue;
    if (family) families.add(family);
    found.push({ product: purl, version });
  }
  return found;
}

/** What the first of the patterns that is anywhere in the file matches first. Each window is decoded once. */
function search(bytes: ByteSource, patterns: readonly RegExp[]): RegExpExecArray | undefined {
  let best: RegExpExecArray | undefined;
  let open = patterns;
  for (let at = 0; at < bytes.size && open.length > 0; at += WINDOW - OVERLAP) {
    const text = bytes.slice(at, at + WINDOW).toString('latin1');
    for (const [rank, pattern] of open.entries()) {
      const match = pattern.exec(text);
      if (!match) continue;
      best = match;
      open = open.slice(0, rank);
      break;
    }
    if (at + WINDOW >= bytes.size) break;
  }
  return best;
}

function toPackage(product: string, version: string, path: string): Package | undefined {
  const [type = 'generic', ...rest] = product.split('/');
  const name = rest.pop() ?? '';
  const purl = tryPurl({ type, ...(rest.length > 0 ? { namespace: rest.join('/') } : {}), name, version });
  if (!purl) return undefined;
  return { name, version, purl, ecosystem: type, foundBy: 'binary', confidence: 0.8, evidence: [path] };
}
