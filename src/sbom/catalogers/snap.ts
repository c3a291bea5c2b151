import { distroQualifier, parseAssignments } from '../distro.ts';
import { parseYaml } from '../formats/yaml.ts';
import { isRecord, stringOf, stringsOf } from '../json.ts';
import type { CatalogContext, Cataloger, FileView, KeptFile, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

const BASE_LIST = 'usr/share/snappy/dpkg.yaml';
const MAX_PACKAGES = 20_000;
const MAX_TEXT = 8 << 20;

/**
 * Snaps that were unpacked into the image, and the debs that they were staged from: `snap/manifest.yaml` as snapcraft
 * records a build, and `usr/share/snappy/dpkg.yaml` of base snaps, which have no other record of their packages.
 */
const snap: Cataloger = {
  name: 'snap',
  version: 1,
  files: ['{,**/}meta/snap.yaml', '{,**/}snap/manifest.yaml', `{,**/}${BASE_LIST}`, '{,**/}snap/**/usr/lib/os-release'],
  *catalog(view, context) {
    for (const file of view.match('{,**/}meta/snap.yaml')) yield* readSnap(file, context);
    for (const file of view.match('{,**/}snap/manifest.yaml', `{,**/}${BASE_LIST}`))
      yield* readDebs(file, view, context);
  },
};
export default snap;

function recordOf(file: KeptFile, { problem, once }: CatalogContext): Record<string, unknown> | undefined {
  const value = once(file, () => {
    try {
      return file.bytes.length > MAX_TEXT ? undefined : parseYaml(file.text());
    } catch {
      return undefined;
    }
  });
  if (isRecord(value)) return value;
  problem(file.path, 'no YAML of a snap');
  return undefined;
}

function* readSnap(file: KeptFile, context: CatalogContext): Iterable<Package> {
  const record = recordOf(file, context);
  const name = stringOf(record?.name);
  const version = stringOf(record?.version);
  const purl = name && version && tryPurl({ type: 'generic', namespace: 'snap', name, version });
  if (!record || !name || !version || !purl) return;
  yield {
    name,
    version,
    purl,
    ecosystem: 'generic',
    foundBy: 'snap',
    ...stated({ description: stringOf(record.summary)?.slice(0, 500), declaredLicense: stringOf(record.license) }),
    confidence: 1,
    evidence: [file.path],
  };
}

function* readDebs(file: KeptFile, view: FileView, context: CatalogContext): Iterable<Package> {
  const record = recordOf(file, context);
  if (!record) return;
  const distro = distroOf(file, record, view, context);
  const parts = isRecord(record.parts) ? Object.values(record.parts).filter(isRecord) : [];
  const staged = [
    ...stringsOf(record.packages),
    ...stringsOf(record['primed-stage-packages']),
    ...parts.flatMap((part) => stringsOf(part['stage-packages'])),
  ];
  for (const text of new Set(staged.slice(0, MAX_PACKAGES))) {
    const [, name, arch, version] = /^([^:=\s]+)(?::([^=\s]+))?=(\S+)$/.exec(text) ?? [];
    const purl =
      name && version && tryPurl({ type: 'deb', namespace: 'ubuntu', name, version, qualifiers: { arch, distro } });
    if (!name || !version || !purl) continue;
    yield { name, version, purl, ecosystem: 'deb', foundBy: 'snap', confidence: 0.9, evidence: [file.path] };
  }
}

/** The release of Ubuntu that the snap was made of: what the root it lies in says, or its base. */
function distroOf(
  file: KeptFile,
  record: Record<string, unknown>,
  view: FileView,
  { distro }: CatalogContext,
): string | undefined {
  if (file.path === BASE_LIST) return distroQualifier(distro);
  const release = file.path.endsWith(BASE_LIST)
    ? view.get(`${file.path.slice(0, -BASE_LIST.length)}usr/lib/os-release`)
    : undefined;
  const stated = release && parseAssignments(release.text()).get('VERSION_ID');
  const [, base] = /^core(\d\d)?$/.exec(stringOf(record.base) ?? stringOf(record['build-base']) ?? '') ?? [];
  const version = stated ?? (base ? `${base}.04` : undefined);
  return version && `ubuntu-${version}`;
}
