import { parseYaml } from '../formats/yaml.ts';
import { integrityHashes } from '../integrity.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, type Wanted, webAddress } from '../lock.ts';
import { npmPurl, vcsQualifier } from '../npm-names.ts';
import type { Scope } from '../package.ts';

type Fields = Readonly<Record<string, unknown>>;

const FIELDS: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'production'],
  ['optionalDependencies', 'optional'],
  ['devDependencies', 'development'],
];

/**
 * pnpm-lock.yaml, versions 5, 6 and 9 (pnpm's lockfile specs). Keys were `/name/1.0.0_peer`, became `/name@1.0.0(peer)`,
 * and are `name@1.0.0(peer)` now, with what a package needs in `snapshots`.
 */
export default lockCataloger({
  name: 'pnpm-lock',
  ecosystem: 'npm',
  files: ['**/pnpm-lock.yaml'],
  read(file) {
    const document = parseYaml(file.text());
    if (!isRecord(document) || document.lockfileVersion === undefined) throw new Error('no lock file of pnpm');
    const records = isRecord(document.packages) ? document.packages : {};
    const entries = new Map(members(isRecord(document.snapshots) ? document.snapshots : records));
    const find = (name: string, reference: string): string | undefined =>
      [`${name}@${reference}`, `/${name}@${reference}`, `/${name}/${reference}`, reference, `/${reference}`].find(
        (key) => entries.has(key),
      );
    const packages = [...entries].map(([key, entry]) =>
      lockedOf(key, isRecord(entry) ? entry : {}, recordOf(key, records), find),
    );
    const importers = isRecord(document.importers) ? Object.values(document.importers) : [document];
    return {
      packages: packages.filter((one) => one !== undefined),
      wanted: importers.flatMap((importer) => wantedOf(importer, find)),
      hasEdges: true,
    };
  },
});

/** In version 9 what is the same for all peers stands under the key without them. */
function recordOf(key: string, records: Fields): Fields {
  const found = Object.hasOwn(records, key) ? records[key] : records[withoutPeers(key)];
  return isRecord(found) ? found : {};
}

function withoutPeers(key: string): string {
  const at = key.indexOf('(');
  return at < 0 ? key : key.slice(0, at);
}

type Find = (name: string, reference: string) => string | undefined;

function wantedOf(importer: unknown, find: Find): Wanted[] {
  if (!isRecord(importer)) return [];
  return FIELDS.flatMap(([field, scope]) =>
    members(importer[field]).flatMap(([name, value]) => {
      const key = find(name, (isRecord(value) ? stringOf(value.version) : stringOf(value)) ?? '');
      return key === undefined ? [] : [{ key, scope }];
    }),
  );
}

function lockedOf(key: string, entry: Fields, record: Fields, find: Find): Locked | undefined {
  const [keyName, keyVersion] = identityOf(key);
  const name = stringOf(record.name) ?? keyName;
  const version = stringOf(record.version) ?? keyVersion;
  if (!name || !version) return undefined;
  const resolution = isRecord(record.resolution) ? record.resolution : {};
  const tarball = stringOf(resolution.tarball);
  const repo = stringOf(resolution.repo);
  const git = repo ? `git+${repo.replace(/^git\+/, '')}#${stringOf(resolution.commit) ?? ''}` : undefined;
  const keys = (field: string) =>
    members(entry[field])
      .map(([name, reference]) => find(name, String(reference)))
      .filter((one) => one !== undefined);
  return {
    key,
    name,
    version,
    purl: npmPurl(name, version, vcsQualifier(git)),
    hashes: integrityHashes(stringOf(resolution.integrity) ?? ''),
    ...(webAddress(tarball) ? { downloadUrl: tarball as string } : {}),
    needs: keys('dependencies'),
    mayNeed: keys('optionalDependencies'),
  };
}

/** Name and version in a key; of what comes from elsewhere, `name`, `version` or the commit tell. */
function identityOf(key: string): [name?: string, version?: string] {
  const plain = withoutPeers(key).replace(/^\//, '');
  const [, name, version] = /^((?:@[^/@]+\/)?[^/@]+)@(.+)$/.exec(plain) ?? [];
  if (name && version) return [name, version.replace(/^.*[#/]([0-9a-f]{7,40})$/, '$1')];
  const [, oldName, oldVersion] = /^((?:@[^/]+\/)?[^/]+)\/([^/_]+)(?:_.*)?$/.exec(plain) ?? [];
  return oldName && oldVersion ? [oldName, oldVersion] : [];
}
