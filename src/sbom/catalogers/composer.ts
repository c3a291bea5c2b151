import { isRecord, parseJson, stringOf, stringsOf, webAddress } from '../json.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** PHP: what Composer installed, as it writes down beside the packages. Version 1 is a list, version 2 holds one. */
const composer: Cataloger = {
  name: 'composer',
  version: 1,
  files: ['**/vendor/composer/installed.json', '**/composer/installed.json'],
  *catalog(view, context) {
    for (const file of view.match(...composer.files)) {
      const packages = context.once(file, () => packagesOf(parseJson(file.text())));
      if (!packages) context.problem(file.path, 'no list of packages in it');
      for (const one of packages ?? []) {
        const found = readPackage(one, file, context);
        if (found) yield found;
      }
    }
  },
};
export default composer;

type Manifest = Readonly<Record<string, unknown>>;

function packagesOf(document: unknown): Manifest[] | undefined {
  const list = isRecord(document) ? document.packages : document;
  return Array.isArray(list) ? list.filter(isRecord) : undefined;
}

function readPackage(manifest: Manifest, file: KeptFile, { problem }: CatalogContext): Package | undefined {
  const whole = stringOf(manifest.name);
  const version = stringOf(manifest.version);
  const [, vendor, name] = /^([^/]+)\/([^/]+)$/.exec(whole ?? '') ?? [];
  const purl = vendor && name && version && tryPurl({ type: 'composer', namespace: vendor, name, version });
  if (!whole || !version || !purl) {
    problem(file.path, `no identity in the record of "${(whole ?? '').slice(0, 100)}"`);
    return undefined;
  }
  const licenses = stringsOf(manifest.license);
  const source = isRecord(manifest.source) ? manifest.source : {};
  const dist = isRecord(manifest.dist) ? manifest.dist : {};
  const [author] = Array.isArray(manifest.authors) ? manifest.authors.filter(isRecord) : [];
  const sum = stringOf(dist.shasum);
  const supplier = author && stringOf(author.name);
  const email = author && stringOf(author.email);
  return {
    name: whole,
    version,
    purl,
    ecosystem: 'composer',
    foundBy: 'composer',
    ...stated({
      declaredLicense: licenses.join(' OR '),
      // Composer's schema: an array is a choice.
      concludedLicense:
        licenses.length > 0
          ? expressionOf(licenses.length > 1 ? licenses.map((one) => `(${one})`).join(' OR ') : (licenses[0] as string))
          : undefined,
      supplier: supplier ? { name: supplier, ...(email ? { email } : {}) } : undefined,
      homepage: webAddress(manifest.homepage),
      sourceUrl: webAddress(source.url),
      downloadUrl: webAddress(dist.url),
      description: stringOf(manifest.description)?.slice(0, 500),
      hashes: sum && /^[0-9a-f]{40}$/.test(sum) ? [{ algorithm: 'SHA-1' as const, value: sum }] : [],
      provides: [...names(manifest.provide), ...names(manifest.replace)],
    }),
    // `php` and `ext-*` are of the platform.
    dependsOn: names(manifest.require).filter((one) => one.includes('/')),
    knowsDependencies: true,
    confidence: 1,
    evidence: [file.path],
  };
}

function names(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : [];
}
