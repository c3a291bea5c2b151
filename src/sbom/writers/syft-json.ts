import { type DocumentOptions, jsonDocument, rootOf } from '../document.ts';
import type { Distro } from '../package.ts';
import { parsePurl } from '../purl.ts';
import type { Sbom, SbomPackage } from '../sbom.ts';
import { shortDigest } from './spdx-parts.ts';
import { syftMetadata } from './syft-metadata.ts';

type Json = Record<string, unknown>;

/** What is written has been there since; who knows less of a schema than a document says warns of it. */
const SCHEMA = '16.0.18';

/** Their names for ecosystems and the languages that these belong to. */
const TYPES: Readonly<Record<string, readonly [type: string, language?: string]>> = {
  cargo: ['rust-crate', 'rust'],
  cocoapods: ['pod', 'swift'],
  composer: ['php-composer', 'php'],
  conan: ['conan', 'c++'],
  cran: ['R-package', 'R'],
  ebuild: ['portage'],
  gem: ['gem', 'ruby'],
  github: ['github-action'],
  golang: ['go-module', 'go'],
  hackage: ['hackage', 'haskell'],
  hex: ['hex', 'erlang'],
  luarocks: ['lua-rocks', 'lua'],
  maven: ['java-archive', 'java'],
  npm: ['npm', 'javascript'],
  nuget: ['dotnet', 'dotnet'],
  otp: ['erlang-otp', 'erlang'],
  pear: ['php-pear', 'php'],
  pub: ['dart-pub', 'dart'],
  pypi: ['python', 'python'],
  swift: ['swift', 'swift'],
};

/** The SBOM in the JSON that syft writes and grype reads. */
export function syftJson(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  return jsonDocument([
    ['artifacts', artifacts(sbom)],
    ['artifactRelationships', relationships(sbom)],
    ['source', sourceOf(sbom)],
    ['distro', sbom.distro ? distro(sbom.distro) : {}],
    ['descriptor', { name: 'dlint', version: options.toolVersion }],
    [
      'schema',
      { version: SCHEMA, url: `https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-${SCHEMA}.json` },
    ],
  ]);
}

function* artifacts({ packages }: Sbom): Iterable<Json> {
  for (const one of packages) {
    const [type, language = ''] = typeOf(one);
    yield {
      id: shortDigest(one.purl),
      name: nameOf(one),
      version: one.version,
      type,
      foundBy: one.foundBy,
      locations: locations(one),
      licenses: licenses(one),
      language,
      cpes: [],
      purl: one.purl,
      ...syftMetadata(one),
    };
  }
}

function typeOf({ ecosystem, foundBy }: SbomPackage): readonly [type: string, language?: string] {
  if (foundBy === 'java') return ['java-archive', 'java'];
  if (foundBy === 'kernel') return ['linux-kernel'];
  if (ecosystem === 'generic') return ['binary'];
  return TYPES[ecosystem] ?? [ecosystem];
}

/** Composer's vendor is in the name. */
function nameOf({ ecosystem, name, purl }: SbomPackage): string {
  const { namespace } = ecosystem === 'composer' ? parsePurl(purl) : { namespace: null };
  return namespace && !name.includes('/') ? `${namespace}/${name}` : name;
}

function locations({ occurrences, layer }: SbomPackage): Json[] {
  return occurrences.map((path) => ({
    path: `/${fileOf(path)}`,
    ...(layer?.diffId ? { layerID: layer.diffId } : {}),
    accessPath: `/${path.replaceAll('!/', ':')}`,
    annotations: { evidence: 'primary' },
  }));
}

/** Of what is inside an archive, the archive. */
function fileOf(path: string): string {
  return path.split('!/', 1)[0] as string;
}

function licenses({ declaredLicense, concludedLicense }: SbomPackage): Json[] {
  const value = declaredLicense ?? concludedLicense;
  if (!value) return [];
  return [{ value, spdxExpression: concludedLicense ?? '', type: 'declared', urls: [], locations: [] }];
}

function* relationships({ subject, packages }: Sbom): Iterable<Json> {
  const root = shortDigest(rootOf(subject).ref);
  for (const { purl, dependsOn, ownedBy } of packages) {
    const id = shortDigest(purl);
    yield { parent: root, child: id, type: 'contains' };
    for (const target of dependsOn) yield { parent: shortDigest(target), child: id, type: 'dependency-of' };
    if (ownedBy) yield { parent: shortDigest(ownedBy), child: id, type: 'ownership-by-file-overlap' };
  }
}

function sourceOf({ subject }: Sbom): Json {
  const { ref, name, version } = rootOf(subject);
  if (subject.kind === 'directory') {
    return { id: shortDigest(ref), name, version, type: 'directory', metadata: { path: subject.path } };
  }
  const { reference, imageId, manifestDigest, tags, layers, platform, config } = subject.image;
  return {
    id: shortDigest(ref),
    name,
    version,
    type: 'image',
    metadata: {
      userInput: reference,
      imageID: imageId ?? '',
      manifestDigest: manifestDigest ?? '',
      mediaType: '',
      tags,
      imageSize: 0,
      layers: layers.map(({ mediaType, diffId }) => ({ mediaType, digest: diffId ?? '', size: 0 })),
      manifest: '',
      config: '',
      repoDigests: [],
      architecture: platform?.architecture ?? '',
      os: platform?.os ?? '',
      ...(Object.keys(config.labels).length > 0 ? { labels: config.labels } : {}),
    },
  };
}

function distro({ id, idLike, name, prettyName, versionId, codename, cpe }: Distro): Json {
  return {
    ...(prettyName ? { prettyName } : {}),
    ...(name ? { name } : {}),
    id,
    ...(idLike.length > 0 ? { idLike } : {}),
    ...(versionId ? { version: versionId, versionID: versionId } : {}),
    ...(codename ? { versionCodename: codename } : {}),
    ...(cpe ? { cpeName: cpe } : {}),
  };
}
