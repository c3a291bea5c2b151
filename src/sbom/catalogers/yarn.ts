import type { ByteSource } from '../../layers/byte-source.ts';
import { readZip, readZipEntry } from '../formats/zip.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import { npmLicense, npmParty, npmRepository } from '../npm-manifest.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const MAX_MANIFEST = 4 << 20;
const FIELDS = [
  'name',
  'version',
  'license',
  'licenses',
  'author',
  'authors',
  'maintainers',
  'homepage',
  'repository',
  'description',
];

type Manifest = Readonly<Record<string, unknown>>;

/** Yarn's Plug'n'Play: modules stay in the archives that they came in, and are loaded from there. */
const yarn: Cataloger = {
  name: 'yarn',
  version: 1,
  files: [],
  reader: {
    wants: ({ path }) => path.endsWith('.zip') && /(?:^|\/)\.yarn\/(?:berry\/)?cache\/[^/]+\.zip$/.test(path),
    accepts: (head) => head[0] === 0x50 && head[1] === 0x4b,
    read: readArchive,
  },
  *catalog(view) {
    for (const { path, value } of view.readings<Manifest>('yarn')) {
      const found = toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default yarn;

/** An archive holds one module, at the path where it would stand: `node_modules/@scope/name/`. */
function readArchive(bytes: ByteSource): Manifest | undefined {
  const entry = readZip(bytes).find(({ name }) => /^node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(name));
  const manifest = entry && parseJson(readZipEntry(bytes, entry, MAX_MANIFEST).toString('utf8'));
  if (!isRecord(manifest)) return undefined;
  const kept = Object.fromEntries(
    FIELDS.flatMap((field) => (manifest[field] === undefined ? [] : [[field, manifest[field]]])),
  );
  const needs = [manifest.dependencies, manifest.optionalDependencies].flatMap((list) =>
    isRecord(list) ? Object.keys(list) : [],
  );
  return { ...kept, needs };
}

function toPackage(manifest: Manifest, path: string): Package | undefined {
  const name = stringOf(manifest.name);
  const version = stringOf(manifest.version);
  const [, scope, base] = /^(?:(@[^/]+)\/)?([^/]+)$/.exec(name ?? '') ?? [];
  const purl = base && version && tryPurl({ type: 'npm', namespace: scope ?? null, name: base, version });
  if (!name || !version || !purl) return undefined;
  const homepage = stringOf(manifest.homepage);
  return {
    name,
    version,
    purl,
    ecosystem: 'npm',
    foundBy: 'yarn',
    ...npmLicense(manifest),
    ...stated({
      supplier: npmParty(manifest),
      homepage: homepage && /^https?:\/\//.test(homepage) ? homepage : undefined,
      sourceUrl: npmRepository(manifest.repository),
      description: stringOf(manifest.description)?.slice(0, 500),
    }),
    dependsOn: manifest.needs as readonly string[],
    confidence: 1,
    evidence: [path],
  };
}
