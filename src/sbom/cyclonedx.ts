import type { Layer } from '../layers/image.ts';
import { compareBytes } from './byte-order.ts';
import { cyclonedxLicenses, evidenceLicenses } from './cyclonedx-license.ts';
import { type DocumentOptions, documentId, documentTime, edgesOf, jsonDocument, rootOf, topLevel } from './document.ts';
import type { Distro, Hash, Party } from './package.ts';
import type { Sbom, SbomPackage } from './sbom.ts';

type Json = Record<string, unknown>;

const MAX_TEXT = 2000;

/**
 * The SBOM as CycloneDX 1.6 JSON (ECMA-424), in pieces. The same SBOM and options give the same bytes: components are
 * in byte order of their bom-refs, which are their purls.
 */
export function cyclonedx(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  const rootRef = rootReference(sbom);
  return jsonDocument([
    ['$schema', 'http://cyclonedx.org/schema/bom-1.6.schema.json'],
    ['bomFormat', 'CycloneDX'],
    ['specVersion', '1.6'],
    ['serialNumber', `urn:uuid:${documentId(sbom, options, 'cyclonedx-1.6')}`],
    ['version', 1],
    ['metadata', metadata(sbom, options, rootRef)],
    ['components', components(sbom)],
    ['dependencies', dependencies(sbom, rootRef)],
    ['compositions', compositions(sbom, rootRef)],
  ]);
}

function metadata(sbom: Sbom, options: DocumentOptions, rootRef: string): Json {
  const { image } = sbom;
  const { labels } = image.config;
  const vendor = labels['org.opencontainers.image.vendor'];
  const authors = labels['org.opencontainers.image.authors'];
  return {
    timestamp: documentTime(image, options),
    lifecycles: [{ phase: 'post-build' }],
    tools: { components: [{ type: 'application', name: 'dlint', version: options.toolVersion }] },
    ...(authors ? { authors: [{ name: authors.slice(0, MAX_TEXT) }] } : {}),
    component: rootComponent(sbom, rootRef),
    ...(vendor ? { supplier: { name: vendor.slice(0, MAX_TEXT) } } : {}),
    licenses: [{ license: { id: 'CC0-1.0' } }],
  };
}

function rootReference({ image }: Sbom): string {
  return rootOf(image).purl ?? `image:${image.imageId ?? image.reference}`;
}

function rootComponent({ image }: Sbom, ref: string): Json {
  const { name, version, purl } = rootOf(image);
  const { labels } = image.config;
  const source = labels['org.opencontainers.image.source'];
  const site = labels['org.opencontainers.image.url'];
  return {
    type: 'container',
    'bom-ref': ref,
    name,
    version,
    ...(purl ? { purl } : {}),
    ...optionalList('externalReferences', [...reference('vcs', source), ...reference('website', site)]),
    properties: [
      ...(image.imageId ? [property('dlint:image:id', image.imageId)] : []),
      ...(image.manifestDigest ? [property('dlint:image:manifestDigest', image.manifestDigest)] : []),
      ...(image.platform
        ? [property('dlint:image:platform', `${image.platform.os}/${image.platform.architecture}`)]
        : []),
      ...image.layers.flatMap(layerDigest),
    ],
  };
}

function layerDigest({ index, diffId }: Layer): Json[] {
  return diffId ? [property(`dlint:image:layer:${index}:diffId`, diffId)] : [];
}

function* components({ distro, packages }: Sbom): Iterable<Json> {
  if (distro) yield osComponent(distro);
  for (const one of packages) yield component(one);
}

function osReference({ id, versionId }: Distro): string {
  return `os:${id}${versionId ? `-${versionId}` : ''}`;
}

function osComponent(distro: Distro): Json {
  const cpe = distro.cpe && /^cpe:(2\.3:o(:[^:]*){10}|\/o(:[^:]*){1,6})$/.test(distro.cpe) ? distro.cpe : undefined;
  return {
    type: 'operating-system',
    'bom-ref': osReference(distro),
    name: distro.id,
    ...(distro.versionId ? { version: distro.versionId } : {}),
    ...(distro.prettyName ? { description: distro.prettyName } : {}),
    ...(cpe ? { cpe } : {}),
  };
}

function component(one: SbomPackage): Json {
  return {
    type: 'library',
    'bom-ref': one.purl,
    ...(one.supplier ? { supplier: organization(one.supplier) } : {}),
    name: one.name,
    version: one.version,
    ...(one.description ? { description: one.description } : {}),
    ...optionalList('hashes', (one.hashes ?? []).map(hash)),
    ...cyclonedxLicenses(one),
    purl: one.purl,
    ...optionalList('externalReferences', externalReferences(one)),
    properties: properties(one),
    evidence: {
      identity: [
        {
          field: 'purl',
          confidence: one.confidence,
          methods: [
            { technique: 'manifest-analysis', confidence: one.confidence, value: `/${one.occurrences[0] ?? ''}` },
          ],
        },
      ],
      occurrences: one.occurrences.map((path) => ({ location: `/${path}` })),
      ...evidenceLicenses(one),
    },
  };
}

function organization({ name, email, url }: Party): Json {
  const contact = email && /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(email) ? [{ name, email }] : [];
  return { name, ...(url && isUrl(url) ? { url: [url] } : {}), ...optionalList('contact', contact) };
}

function hash({ algorithm, value }: Hash): Json {
  return { alg: algorithm, content: value };
}

function externalReferences(one: SbomPackage): Json[] {
  return [
    ...reference('distribution', one.downloadUrl, one.hashes),
    ...reference('vcs', one.sourceUrl),
    ...reference('website', one.homepage),
  ];
}

function reference(type: string, url: string | undefined, hashes: readonly Hash[] = []): Json[] {
  return url && isUrl(url) ? [{ url, type, ...optionalList('hashes', hashes.map(hash)) }] : [];
}

/** RFC 3987 as validators check it: nothing but what a URL may hold. */
function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s<>"{}|\\^`[\]]+$/.test(text) && !/%(?![0-9A-Fa-f]{2})/.test(text) && URL.canParse(text);
}

function properties({ foundBy, layer, ownedBy }: SbomPackage): Json[] {
  return [
    property('dlint:foundBy', foundBy),
    ...(layer.createdBy ? [property('dlint:layer:createdBy', layer.createdBy.slice(0, MAX_TEXT))] : []),
    ...(layer.diffId ? [property('dlint:layer:diffId', layer.diffId)] : []),
    property('dlint:layer:index', String(layer.index)),
    ...(ownedBy ? [property('dlint:ownedBy', ownedBy)] : []),
  ];
}

function property(name: string, value: string): Json {
  return { name, value };
}

function* dependencies({ distro, packages }: Sbom, rootRef: string): Iterable<Json> {
  const os = distro ? [osReference(distro)] : [];
  yield dependency(rootRef, [...os, ...topLevel(packages)]);
  for (const ref of os) yield dependency(ref, []);
  for (const [purl, targets] of edgesOf(packages)) yield dependency(purl, targets);
}

function dependency(ref: string, targets: readonly string[]): Json {
  return { ref, dependsOn: [...new Set(targets)].sort(compareBytes) };
}

/**
 * What is known to be whole: the dependencies that package managers record. Whether files that no package manager
 * installed are in the image is not looked at, so the image itself is incomplete.
 */
function compositions({ packages }: Sbom, rootRef: string): Json[] {
  const complete = packages.filter((one) => one.knowsDependencies).map(({ purl }) => purl);
  const unknown = packages.filter((one) => !one.knowsDependencies).map(({ purl }) => purl);
  return [
    { aggregate: 'incomplete', assemblies: [rootRef] },
    ...(complete.length > 0 ? [{ aggregate: 'complete', dependencies: complete }] : []),
    ...(unknown.length > 0 ? [{ aggregate: 'unknown', dependencies: unknown }] : []),
  ];
}

function optionalList(key: string, items: readonly unknown[]): Json {
  return items.length > 0 ? { [key]: items } : {};
}
