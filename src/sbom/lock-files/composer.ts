import { isRecord, parseJson, stringOf } from '../json.ts';
import { expressionOf } from '../license.ts';
import { beside, type Locked, lockCataloger, members, records, texts, type Wanted, webAddress } from '../lock.ts';
import type { FileView, KeptFile, Scope } from '../package.ts';

type Fields = Readonly<Record<string, unknown>>;

/** composer.lock (getcomposer.org/schema). `php` and `ext-*` are of the platform and not in it. */
export default lockCataloger({
  name: 'composer-lock',
  ecosystem: 'composer',
  files: ['**/composer.lock'],
  manifests: ['**/composer.json'],
  read(file, view) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const all: [Fields, Scope][] = [
      ...records(document.packages).map((one): [Fields, Scope] => [one, 'production']),
      ...records(document['packages-dev']).map((one): [Fields, Scope] => [one, 'development']),
    ];
    const providers = new Map<string, string>();
    for (const [one] of all) {
      for (const other of [...members(one.replace), ...members(one.provide)])
        providers.set(other[0].toLowerCase(), keyOf(one));
    }
    for (const [one] of all) providers.set(keyOf(one), keyOf(one));
    const wanted = wantedIn(file, view);
    return {
      packages: all.map(([one, scope]) => lockedOf(one, scope, providers)).filter((one) => one !== undefined),
      ...(wanted ? { wanted } : {}),
      hasEdges: true,
    };
  },
});

function keyOf(entry: Fields): string {
  return String(entry.name).toLowerCase();
}

function lockedOf(entry: Fields, scope: Scope, providers: ReadonlyMap<string, string>): Locked | undefined {
  const name = stringOf(entry.name);
  const version = stringOf(entry.version);
  const [, vendor, base] = /^([^/]+)\/([^/]+)$/.exec(name ?? '') ?? [];
  if (!name || !vendor || !base || !version) return undefined;
  const licenses = texts(Array.isArray(entry.license) ? entry.license : [entry.license]);
  const declared = licenses.length > 1 ? licenses.map((one) => `(${one})`).join(' OR ') : licenses[0];
  const concluded = declared && expressionOf(declared);
  const dist = isRecord(entry.dist) ? entry.dist : {};
  const source = isRecord(entry.source) ? entry.source : {};
  const sum = stringOf(dist.shasum);
  return {
    key: keyOf(entry),
    name,
    version,
    purl: { type: 'composer', namespace: vendor, name: base, version },
    scope,
    ...(declared ? { declaredLicense: licenses.join(' OR ') } : {}),
    ...(concluded ? { concludedLicense: concluded } : {}),
    ...(webAddress(dist.url) ? { downloadUrl: dist.url as string } : {}),
    ...(webAddress(source.url) ? { sourceUrl: source.url as string } : {}),
    ...(webAddress(entry.homepage) ? { homepage: entry.homepage as string } : {}),
    ...(stringOf(entry.description) ? { description: String(entry.description).slice(0, 500) } : {}),
    hashes: sum && /^[0-9a-f]{40}$/.test(sum) ? [{ algorithm: 'SHA-1', value: sum }] : [],
    needs: members(entry.require)
      .map(([other]) => providers.get(other.toLowerCase()))
      .filter((one) => one !== undefined),
  };
}

function wantedIn(file: KeptFile, view: FileView): Wanted[] | undefined {
  const manifest = view.get(beside(file, 'composer.json'));
  const document = manifest && parseJson(manifest.text());
  if (!isRecord(document)) return undefined;
  const of = (field: string, scope: Scope) =>
    members(document[field]).map(([name]) => ({ key: name.toLowerCase(), scope }));
  return [...of('require', 'production'), ...of('require-dev', 'development')];
}
