import type { ByteSource } from '../../layers/byte-source.ts';
import { distroQualifier } from '../distro.ts';
import { DNF5_STATE, readDnf5State } from '../dnf5-state.ts';
import { type InstalledFrom, readDnfHistory } from '../formats/dnf-history.ts';
import { rpmHeaders } from '../formats/rpm-database.ts';
import { RPM_TAGS, type RpmHeader, readRpmHeader } from '../formats/rpm-header.ts';
import { expressionOf } from '../license.ts';
import type { CatalogContext, Cataloger, Hash, KeptFile, Package } from '../package.ts';
import { parseParty } from '../party.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** What is worth knowing of an installed rpm. Fields that its header does not state are absent. */
interface RpmRecord {
  readonly name: string;
  /** `version-release`. */
  readonly version: string;
  readonly epoch?: number;
  readonly arch?: string;
  readonly sourceRpm?: string;
  readonly license?: string;
  readonly vendor?: string;
  readonly url?: string;
  readonly summary?: string;
  readonly modularity?: string;
  readonly headerSha256?: string;
  readonly provides?: readonly string[];
  readonly requires?: readonly string[];
  readonly files?: readonly string[];
}

/** rpm moved its database twice; SUSE and Fedora keep it under usr. */
const DATABASE = /^(?:var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm\/(?:rpmdb\.sqlite|Packages|Packages\.db)$/;
/** What Azure Linux leaves in images without rpm: `rpm -qa --qf` with tabs. */
const MANIFESTS = ['var/lib/rpmmanifest/container-manifest-2'];
/** rpm keeps the keys that it trusts among the packages. */
const KEY = 'gpg-pubkey';
/** Where dnf 4 wrote down what it installed from which repository. */
const HISTORY = /^var\/lib\/dnf\/history\.sqlite$/;
/** RPMSENSE_RPMLIB | RPMSENSE_CONFIG: needs of rpm itself. */
const NOT_A_PACKAGE = (1 << 24) | (1 << 28);

/** Red Hat, Fedora, SUSE, Amazon, Azure Linux …: rpm's database in all of its forms. */
const rpm: Cataloger = {
  name: 'rpm',
  version: 2,
  isSystem: true,
  files: [...MANIFESTS, DNF5_STATE],
  reader: {
    wants: ({ path, size }) => size > 0 && (DATABASE.test(path) || HISTORY.test(path)),
    read: (bytes, path): Read =>
      HISTORY.test(path) ? { history: readDnfHistory(bytes) } : { records: readRecords(bytes) },
  },
  *catalog(view, context) {
    const read = view.readings<Read>('rpm');
    const databases = read.flatMap(({ path, value }) => (value.records ? [{ path, records: value.records }] : []));
    const repositories = new Map([
      ...read.flatMap(({ value }) => value.history ?? []),
      ...readDnf5State(view, context),
    ]);
    for (const { path, records } of databases) {
      if (records.length === 0) context.problem(path, 'no package record in it');
      for (const record of records) {
        for (const one of toPackage(record, path, context)) {
          const repository = repositories.get(`${record.name}-${one.version}.${record.arch}`);
          yield repository ? { ...one, repository } : one;
        }
      }
    }
    if (databases.length > 0) return;
    for (const file of view.match(...MANIFESTS)) {
      for (const record of context.once(file, () => readManifest(file))) yield* toPackage(record, file.path, context);
    }
  },
};
export default rpm;

/** What was made of a database: of rpm's the records, of dnf's what came from where. */
interface Read {
  readonly records?: readonly RpmRecord[];
  readonly history?: readonly InstalledFrom[];
}

function readRecords(bytes: ByteSource): RpmRecord[] {
  const records: RpmRecord[] = [];
  for (const blob of rpmHeaders(bytes)) {
    const record = toRecord(readRpmHeader(blob));
    if (record && record.name !== KEY) records.push(record);
  }
  return records;
}

function toRecord(header: RpmHeader): RpmRecord | undefined {
  const name = header.text(RPM_TAGS.name);
  const version = header.text(RPM_TAGS.version);
  const release = header.text(RPM_TAGS.release);
  if (!name || !version) return undefined;
  const flags = header.numbers(RPM_TAGS.requireFlags);
  const requires = header.texts(RPM_TAGS.requireNames).filter((_, i) => ((flags[i] ?? 0) & NOT_A_PACKAGE) === 0);
  const epoch = header.number(RPM_TAGS.epoch);
  return {
    name,
    version: release ? `${version}-${release}` : version,
    ...(epoch !== undefined ? { epoch } : {}),
    ...stated({
      arch: header.text(RPM_TAGS.arch),
      sourceRpm: header.text(RPM_TAGS.sourceRpm),
      license: header.text(RPM_TAGS.license),
      vendor: header.text(RPM_TAGS.vendor) ?? header.text(RPM_TAGS.packager),
      url: header.text(RPM_TAGS.url),
      summary: header.text(RPM_TAGS.summary),
      modularity: header.text(RPM_TAGS.modularityLabel),
      headerSha256: header.text(RPM_TAGS.sha256Header),
    }),
    provides: [...new Set(header.texts(RPM_TAGS.provideNames))],
    requires: [...new Set(requires)],
    files: filesOf(header),
  };
}

/** Names, folders and for each name the index of its folder. */
function filesOf(header: RpmHeader): string[] {
  const folders = header.texts(RPM_TAGS.dirNames);
  const indexes = header.numbers(RPM_TAGS.dirIndexes);
  return header
    .texts(RPM_TAGS.baseNames)
    .map((name, i) => `${folders[indexes[i] ?? -1] ?? ''}${name}`.replace(/^\//, ''));
}

/** name, version-release, install time, build time, vendor, epoch, size, arch, epoch number, source rpm. */
function readManifest(file: KeptFile): RpmRecord[] {
  return file
    .text()
    .split('\n')
    .flatMap((line) => {
      const [name, version, , , vendor, epoch, , arch, , sourceRpm] = line.split('\t').map(unlessNone);
      if (!name || !version || name === KEY) return [];
      const number = Number(epoch);
      return [
        {
          name,
          version,
          ...(epoch && Number.isInteger(number) ? { epoch: number } : {}),
          ...stated({ vendor, arch, sourceRpm }),
        },
      ];
    });
}

function unlessNone(value: string): string | undefined {
  const text = value.trim();
  return text === '' || text === '(none)' ? undefined : text;
}

function* toPackage(record: RpmRecord, path: string, { distro, problem }: CatalogContext): Iterable<Package> {
  const { name, version, epoch, arch, sourceRpm, license, vendor, url, summary, headerSha256 } = record;
  const purl = tryPurl({
    type: 'rpm',
    ...(distro ? { namespace: NAMESPACES.get(distro.id) ?? distro.id } : {}),
    name,
    version,
    qualifiers: {
      arch,
      distro: distroQualifier(distro),
      epoch: epoch === undefined ? undefined : String(epoch),
      rpmmod: record.modularity,
      upstream: sourceRpm,
    },
  });
  if (!purl) return problem(path, `no identity in the record of "${name.slice(0, 100)}"`);
  const concluded = license && expressionOf(license);
  const supplier = parseParty(vendor ?? '');
  const hashes: Hash[] = /^[0-9a-f]{64}$/.test(headerSha256 ?? '')
    ? [{ algorithm: 'SHA-256', value: headerSha256 as string }]
    : [];
  yield {
    name,
    version: epoch ? `${epoch}:${version}` : version,
    purl,
    ecosystem: 'rpm',
    foundBy: 'rpm',
    ...(license ? { declaredLicense: license } : {}),
    ...(concluded ? { concludedLicense: concluded } : {}),
    ...(supplier ? { supplier } : {}),
    ...(url && /^https?:/.test(url) ? { homepage: url } : {}),
    ...(summary ? { description: summary.slice(0, 500) } : {}),
    ...(hashes.length > 0 ? { hashes } : {}),
    ...(record.requires ? { dependsOn: record.requires, knowsDependencies: true } : {}),
    ...(record.provides ? { provides: [...record.provides, ...fileProvides(record)] } : {}),
    ...(record.files ? { ownsFiles: record.files } : {}),
    confidence: 1,
    evidence: [path],
  };
}

/** A package may require a file instead of a name, e.g. `/bin/sh`. */
function fileProvides({ files = [] }: RpmRecord): string[] {
  return files.filter((path) => /^(?:usr\/)?(?:s?bin|etc)\//.test(path)).map((path) => `/${path}`);
}

/** As the vulnerability databases name the vendor, where os-release has another name. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['rhel', 'redhat'],
  ['sles', 'suse'],
  ['sle_hpc', 'suse'],
  ['sled', 'suse'],
  ['opensuse-leap', 'opensuse'],
  ['opensuse-tumbleweed', 'opensuse'],
]);
