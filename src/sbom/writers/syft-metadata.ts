import { type Purl, parsePurl } from '../purl.ts';
import type { SbomPackage } from '../sbom.ts';

type Json = Record<string, unknown>;

/**
 * What grype asks of a package beyond its name: the source package that advisories of distributions are about, and the
 * coordinates of a jar. Everything else that syft keeps there is left out.
 */
export function syftMetadata(one: SbomPackage): Json {
  const purl = parsePurl(one.purl);
  switch (one.ecosystem) {
    case 'deb':
      return { metadataType: 'dpkg-db-entry', metadata: deb(one, purl) };
    case 'apk':
      return { metadataType: 'apk-db-entry', metadata: apk(one, purl) };
    case 'rpm':
      return { metadataType: 'rpm-db-entry', metadata: rpm(one, purl) };
    case 'maven':
      return { metadataType: 'java-archive', metadata: java(one, purl) };
    default:
      return {};
  }
}

/** `name` or `name@version` of the source package. */
function upstream({ qualifiers }: Purl): readonly [name: string, version: string] {
  const text = qualifiers?.upstream ?? '';
  const at = text.indexOf('@', 1);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function deb({ name, version, supplier }: SbomPackage, purl: Purl): Json {
  const [source, sourceVersion] = upstream(purl);
  const maintainer = supplier ? `${supplier.name}${supplier.email ? ` <${supplier.email}>` : ''}` : '';
  return {
    package: name,
    source,
    version,
    sourceVersion,
    architecture: purl.qualifiers?.arch ?? '',
    maintainer,
    installedSize: 0,
    files: [],
  };
}

function apk({ name, version, homepage, description, supplier }: SbomPackage, purl: Purl): Json {
  return {
    package: name,
    originPackage: upstream(purl)[0],
    maintainer: supplier?.name ?? '',
    version,
    architecture: purl.qualifiers?.arch ?? '',
    url: homepage ?? '',
    description: description ?? '',
    size: 0,
    installedSize: 0,
    pullDependencies: [],
    provides: [],
    pullChecksum: '',
    gitCommitOfApkPort: '',
    files: [],
  };
}

/** `version` of ours is `[epoch:]version-release`. */
function rpm({ name, version, supplier }: SbomPackage, { qualifiers }: Purl): Json {
  const [, epoch, number = version, release = ''] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version) ?? [];
  return {
    name,
    version: number,
    epoch: Number(qualifiers?.epoch ?? epoch ?? 0),
    arch: qualifiers?.arch ?? '',
    release,
    sourceRpm: qualifiers?.upstream ?? '',
    size: 0,
    vendor: supplier?.name ?? '',
    modularityLabel: qualifiers?.rpmmod ?? '',
    files: [],
  };
}

function java({ version, occurrences }: SbomPackage, { namespace, name }: Purl): Json {
  return {
    virtualPath: `/${(occurrences[0] ?? '').replaceAll('!/', ':')}`,
    pomProperties: { path: '', name: '', groupId: namespace ?? '', artifactId: name, version },
  };
}
