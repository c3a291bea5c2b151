import { compareBytes } from '../byte-order.ts';
import {
  authorsOf,
  type DocumentOptions,
  documentId,
  documentTime,
  edgesOf,
  jsonDocument,
  type Member,
  type Root,
  rootOf,
  supplierOfDocument,
  topLevel,
} from '../document.ts';
import type { Distro } from '../package.ts';
import type { Sbom } from '../sbom.ts';
import { component, optionalList, organization, property, reference } from './cyclonedx-component.ts';
import { suppliersOf } from './facts.ts';

type Json = Record<string, unknown>;

export type CyclonedxVersion = '1.4' | '1.5' | '1.6' | '1.7';

/**
 * The SBOM as CycloneDX JSON (ECMA-424), in pieces. The same SBOM and options give the same bytes: components are in
 * byte order of their bom-refs, which are their purls. What a version has no place for is left out, or a property.
 */
export function cyclonedx(sbom: Sbom, options: DocumentOptions, version: CyclonedxVersion = '1.6'): Iterable<string> {
  return jsonDocument([
    ['$schema', `http://cyclonedx.org/schema/bom-${version}.schema.json`],
    ['bomFormat', 'CycloneDX'],
    ['specVersion', version],
    ...cyclonedxMembers(sbom, options, version, `cyclonedx-${version}`),
  ]);
}

/** What JSON and XML have in common, in the order of the XML schema. */
export function cyclonedxMembers(
  sbom: Sbom,
  options: DocumentOptions,
  version: CyclonedxVersion,
  format: string,
): Member[] {
  const root = rootOf(sbom.subject);
  return [
    ['serialNumber', `urn:uuid:${documentId(sbom, options, format)}`],
    ['version', 1],
    ['metadata', metadata(sbom, options, version, root)],
    ['components', components(sbom, version)],
    ['dependencies', dependencies(sbom, root.ref)],
    ['compositions', compositions(sbom, root.ref)],
  ];
}

function metadata(sbom: Sbom, options: DocumentOptions, version: CyclonedxVersion, root: Root): Json {
  const supplier = supplierOfDocument(root, options);
  const tool = { name: 'dlint', version: options.toolVersion };
  return {
    timestamp: documentTime(sbom.subject, options),
    ...(version === '1.4' ? {} : { lifecycles: [{ phase: root.type === 'container' ? 'post-build' : 'pre-build' }] }),
    tools: version === '1.4' ? [tool] : { components: [{ type: 'application', ...tool }] },
    ...optionalList(
      'authors',
      authorsOf(root, options).map(({ name, email }) => ({ name, ...(email ? { email } : {}) })),
    ),
    component: rootComponent(sbom, root),
    ...(supplier ? { supplier: organization(supplier) } : {}),
    licenses: [{ license: { id: 'CC0-1.0' } }],
  };
}

function rootComponent({ dockerfile }: Sbom, root: Root): Json {
  const { type, ref, name, version, purl, license, labels } = root;
  const properties = [
    ...(dockerfile ? [property('dlint:dockerfile', dockerfile.path)] : []),
    ...root.properties.map(([key, value]) => property(`dlint:${key}`, value)),
  ];
  return {
    type,
    'bom-ref': ref,
    name,
    version,
    ...(license ? { licenses: [{ expression: license }] } : {}),
    ...(purl ? { purl } : {}),
    ...optionalList('externalReferences', [
      ...reference('vcs', labels['org.opencontainers.image.source']),
      ...reference('website', labels['org.opencontainers.image.url']),
    ]),
    ...optionalList('properties', properties),
  };
}

function* components(sbom: Sbom, version: CyclonedxVersion): Iterable<Json> {
  if (sbom.distro) yield osComponent(sbom.distro);
  const supplierOf = suppliersOf(sbom);
  for (const one of sbom.packages) yield component(one, sbom, version, supplierOf);
}

function osReference({ id, versionId }: Distro): string {
  return `os:${id}${versionId ? `-${versionId}` : ''}`;
}

function osComponent(distro: Distro): Json {
  const cpe = distro.cpe && /^cpe:(2\.3:o(:[^:]*){10}|\/o(:[^:]*){1,6})$/.test(distro.cpe) ? distro.cpe : undefined;
  return {
    type: 'operating-system',
    'bom-ref': osReference(distro),
    supplier: { name: distro.name ?? distro.prettyName ?? distro.id },
    name: distro.id,
    ...(distro.versionId ? { version: distro.versionId } : {}),
    ...(distro.prettyName ? { description: distro.prettyName } : {}),
    ...(cpe ? { cpe } : {}),
    ...optionalList('properties', [
      ...(distro.contentSets ?? []).map((one) => property('dlint:contentSet', one)),
      ...(distro.hasExtendedSupport ? [property('dlint:extendedSupport', 'true')] : []),
    ]),
  };
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
 * What is known to be whole: the dependencies that package managers record. Files that no package manager installed and
 * no cataloger recognises are in no list, so the image itself is incomplete.
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
