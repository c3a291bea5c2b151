import {
  authorsOf,
  type DocumentOptions,
  documentId,
  documentTime,
  jsonDocument,
  type Member,
  rootOf,
  supplierOfDocument,
} from '../document.ts';
import type { Distro } from '../package.ts';
import type { Sbom, SbomPackage, Subject } from '../sbom.ts';
import { dockerfileLine, isUrl, purposeOf, type SupplierOf, suppliersOf } from './facts.ts';
import { declaredExpression, namedLicenses } from './spdx-licenses.ts';
import { actor, oneLine, plain, spdxId, whereFound } from './spdx-parts.ts';

type Json = Record<string, unknown>;

const NOASSERTION = 'NOASSERTION';
const DOCUMENT = 'SPDXRef-DOCUMENT';
const OS = 'SPDXRef-OperatingSystem';

/** The SBOM as SPDX 2.3 JSON, in pieces. The same SBOM and options give the same bytes. */
export function spdx(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  return jsonDocument(spdxMembers(sbom, options, 'spdx-2.3'));
}

/** What JSON and tag-value have in common. */
export function spdxMembers(sbom: Sbom, options: DocumentOptions, format: string): Member[] {
  const root = rootOf(sbom.subject);
  const authors = authorsOf(root, options).map(actor);
  return [
    ['spdxVersion', 'SPDX-2.3'],
    ['dataLicense', 'CC0-1.0'],
    ['SPDXID', DOCUMENT],
    ['name', root.name],
    // The form that the specification proposes (§6.5) for a document that is not published anywhere.
    ['documentNamespace', `https://spdx.org/spdxdocs/${plain(root.name)}-${documentId(sbom, options, format)}`],
    [
      'creationInfo',
      {
        created: documentTime(sbom.subject, options),
        creators: [`Tool: dlint-${options.toolVersion}`, ...new Set(authors)],
      },
    ],
    ['packages', packages(sbom, options)],
    ['hasExtractedLicensingInfos', extractedLicenses(sbom)],
    ['relationships', relationships(sbom)],
  ];
}

function* packages(sbom: Sbom, options: DocumentOptions): Iterable<Json> {
  const root = rootOf(sbom.subject);
  const supplier = supplierOfDocument(root, options);
  yield {
    SPDXID: rootId(sbom.subject),
    name: root.name,
    versionInfo: root.version,
    primaryPackagePurpose: root.type.toUpperCase(),
    ...COMMON,
    ...(supplier ? { supplier: actor(supplier) } : {}),
    downloadLocation: NOASSERTION,
    ...(root.license ? { licenseDeclared: root.license } : {}),
    ...(root.purl ? { externalRefs: [purlReference(root.purl)] } : {}),
  };
  if (sbom.distro) yield osPackage(sbom.distro);
  const supplierOf = suppliersOf(sbom);
  for (const one of sbom.packages) yield packageOf(one, sbom, supplierOf);
}

function rootId({ kind }: Subject): string {
  return kind === 'image' ? 'SPDXRef-Image' : 'SPDXRef-Directory';
}

const COMMON: Json = { filesAnalyzed: false, copyrightText: NOASSERTION, supplier: NOASSERTION };

function osPackage({ id, name, versionId, prettyName }: Distro): Json {
  return {
    SPDXID: OS,
    name: id,
    ...(versionId ? { versionInfo: versionId } : {}),
    primaryPackagePurpose: 'OPERATING_SYSTEM',
    ...COMMON,
    supplier: actor({ name: name ?? prettyName ?? id }),
    downloadLocation: NOASSERTION,
    ...(prettyName ? { summary: prettyName } : {}),
  };
}

function packageOf(one: SbomPackage, sbom: Sbom, supplierOf: SupplierOf): Json {
  const supplier = supplierOf(one);
  return {
    SPDXID: spdxId(one),
    name: one.name,
    versionInfo: one.version,
    primaryPackagePurpose: purposeOf(one).toUpperCase(),
    ...COMMON,
    ...(supplier ? { supplier: actor(supplier) } : {}),
    downloadLocation: one.downloadUrl && isUrl(one.downloadUrl) ? one.downloadUrl : NOASSERTION,
    ...(one.homepage && isUrl(one.homepage) ? { homepage: one.homepage } : {}),
    ...(one.description ? { summary: one.description } : {}),
    ...(one.hashes?.length ? { checksums: one.hashes.map(checksum) } : {}),
    licenseDeclared: declaredExpression(one) ?? NOASSERTION,
    licenseConcluded: one.concludedLicense ?? NOASSERTION,
    sourceInfo: whereFound(one, dockerfileLine(sbom, one)),
    externalRefs: [purlReference(one.purl)],
  };
}

function checksum({ algorithm, value }: NonNullable<SbomPackage['hashes']>[number]): Json {
  return { algorithm: algorithm.replace('-', ''), checksumValue: value };
}

function purlReference(purl: string): Json {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
}

function* extractedLicenses({ packages }: Sbom): Iterable<Json> {
  for (const { id, name, text } of namedLicenses(packages)) {
    yield { licenseId: id, name: oneLine(name), extractedText: text };
  }
}

function* relationships({ subject, distro, packages }: Sbom): Iterable<Json> {
  const root = rootId(subject);
  const ids = new Map(packages.map((one) => [one.purl, spdxId(one)]));
  yield relationship(DOCUMENT, 'DESCRIBES', root);
  if (distro) yield relationship(root, 'CONTAINS', OS);
  for (const id of ids.values()) yield relationship(root, 'CONTAINS', id);
  for (const { purl, dependsOn, ownedBy } of packages) {
    const from = ids.get(purl) as string;
    for (const target of dependsOn) yield relationship(from, 'DEPENDS_ON', ids.get(target) as string);
    const owner = ownedBy && ids.get(ownedBy);
    if (owner) yield relationship(owner, 'CONTAINS', from);
  }
}

function relationship(from: string, type: string, to: string): Json {
  return { spdxElementId: from, relationshipType: type, relatedSpdxElement: to };
}
