import type { Hash, Party } from '../package.ts';
import type { Sbom, SbomPackage } from '../sbom.ts';
import type { CyclonedxVersion } from './cyclonedx.ts';
import { cyclonedxLicenses, evidenceLicenses } from './cyclonedx-license.ts';
import { dockerfileLine, isFromBytes, isUrl, namesOf, purposeOf, type SupplierOf, sourceArchiveOf } from './facts.ts';

type Json = Record<string, unknown>;

const MAX_TEXT = 2000;
const SCOPES = { production: 'required', optional: 'optional', development: 'excluded' } as const;

/** A package as a component of CycloneDX, its members in the order of the XML schema. */
export function component(one: SbomPackage, sbom: Sbom, version: CyclonedxVersion, supplierOf: SupplierOf): Json {
  const supplier = supplierOf(one);
  return {
    type: purposeOf(one),
    'bom-ref': one.purl,
    ...(supplier ? { supplier: organization(supplier) } : {}),
    ...namesOf(one),
    version: one.version,
    ...(one.description ? { description: one.description } : {}),
    ...(one.removedBy ? { scope: 'excluded' } : one.scope ? { scope: SCOPES[one.scope] } : {}),
    ...optionalList('hashes', (one.hashes ?? []).map(hash)),
    ...cyclonedxLicenses(one, version),
    purl: one.purl,
    ...optionalList('externalReferences', externalReferences(one, version)),
    properties: properties(one, sbom, version),
    ...evidence(one, version),
  };
}

/** 1.4 has no place for where a component was found; there `properties` say it. */
function evidence(one: SbomPackage, version: CyclonedxVersion): Json {
  const licenses = evidenceLicenses(one, version);
  if (version === '1.4') return Object.keys(licenses).length > 0 ? { evidence: licenses } : {};
  const { confidence, occurrences } = one;
  const technique = isFromBytes(one) ? 'binary-analysis' : 'manifest-analysis';
  const identity = {
    field: 'purl',
    confidence,
    methods: [{ technique, confidence, value: `/${occurrences[0] ?? ''}` }],
  };
  return {
    evidence: {
      // 1.6 proposes a list, too, but takes one alone, and syft 1.18 refuses a document with a list.
      identity: version === '1.7' ? [identity] : identity,
      occurrences: occurrences.map((path) => ({ location: `/${path}` })),
      ...licenses,
    },
  };
}

export function organization({ name, email, url }: Party): Json {
  const contact = email && /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(email) ? [{ name, email }] : [];
  return { name, ...(url && isUrl(url) ? { url: [url] } : {}), ...optionalList('contact', contact) };
}

function hash({ algorithm, value }: Hash): Json {
  return { alg: algorithm, content: value };
}

function externalReferences(one: SbomPackage, version: CyclonedxVersion): Json[] {
  const hasSource = version === '1.6' || version === '1.7';
  return [
    ...reference('distribution', one.downloadUrl, one.hashesOfFiles ? [] : one.hashes),
    ...reference('vcs', one.sourceUrl),
    ...reference(hasSource ? 'source-distribution' : 'other', sourceArchiveOf(one)),
    ...reference('website', one.homepage),
  ];
}

export function reference(type: string, url: string | undefined, hashes: readonly Hash[] = []): Json[] {
  return url && isUrl(url) ? [{ url, type, ...optionalList('hashes', hashes.map(hash)) }] : [];
}

function properties(one: SbomPackage, sbom: Sbom, version: CyclonedxVersion): Json[] {
  const { foundBy, layer, removedBy, ownedBy, occurrences, isDirect, scope } = one;
  const line = dockerfileLine(sbom, one);
  return [
    ...(version === '1.4' || version === '1.5' ? [] : fileProperties(one)),
    ...(isDirect !== undefined ? [property('dlint:direct', String(isDirect))] : []),
    ...(line ? [property('dlint:dockerfile:line', line)] : []),
    property('dlint:foundBy', foundBy),
    ...(one.hashesOfFiles ? [property('dlint:hashes', 'files')] : []),
    ...(layer?.createdBy ? [property('dlint:layer:createdBy', layer.createdBy.slice(0, MAX_TEXT))] : []),
    ...(layer?.diffId ? [property('dlint:layer:diffId', layer.diffId)] : []),
    ...(layer ? [property('dlint:layer:index', String(layer.index))] : []),
    ...(removedBy ? [property('dlint:layer:removed', String(removedBy.index))] : []),
    ...(version === '1.4' ? occurrences.map((path) => property('dlint:location', `/${path}`)) : []),
    ...(ownedBy ? [property('dlint:ownedBy', ownedBy)] : []),
    ...(one.repository ? [property('dlint:repository', one.repository)] : []),
    ...(scope ? [property('dlint:scope', scope)] : []),
  ];
}

/** BSI TR-03183-2 and its taxonomy of properties, of components that are one file. */
function fileProperties({ foundBy, knowsDependencies, occurrences }: SbomPackage): Json[] {
  const [path = ''] = occurrences;
  const isJar = foundBy === 'java' && !path.includes('!/');
  const isProgram = foundBy === 'binary' || foundBy === 'pe' || (foundBy === 'go' && knowsDependencies === true);
  if (occurrences.length !== 1 || !(isJar || isProgram)) return [];
  return [
    property('bsi:component:archive', isJar ? 'archive' : 'no archive'),
    property('bsi:component:executable', isJar ? 'non-executable' : 'executable'),
    property('bsi:component:filename', path.slice(path.lastIndexOf('/') + 1)),
    property('bsi:component:structured', 'structured'),
  ];
}

/** An entry of `properties`. */
export function property(name: string, value: string): Json {
  return { name, value };
}

/** A member for a list, or none where the list is empty. */
export function optionalList(key: string, items: readonly unknown[]): Json {
  return items.length > 0 ? { [key]: items } : {};
}
