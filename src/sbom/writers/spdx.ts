import { createHash } from 'node:crypto';
import { compareBytes } from '../byte-order.ts';
import { type DocumentOptions, documentId, documentTime, jsonDocument, rootOf } from '../document.ts';
import { licenseRef, licenseRefs } from '../license.ts';
import type { Distro, Party } from '../package.ts';
import type { Sbom, SbomPackage, Subject } from '../sbom.ts';

type Json = Record<string, unknown>;

const NOASSERTION = 'NOASSERTION';
const DOCUMENT = 'SPDXRef-DOCUMENT';
const OS = 'SPDXRef-OperatingSystem';
const MAX_TEXT = 2000;

/** The SBOM as SPDX 2.3 JSON, in pieces. The same SBOM and options give the same bytes. */
export function spdx(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  const { name, labels } = rootOf(sbom.subject);
  const id = documentId(sbom, options, 'spdx-2.3');
  const vendor = labels['org.opencontainers.image.vendor'];
  return jsonDocument([
    ['spdxVersion', 'SPDX-2.3'],
    ['dataLicense', 'CC0-1.0'],
    ['SPDXID', DOCUMENT],
    ['name', name],
    // The form that the specification proposes (§6.5) for a document that is not published anywhere.
    ['documentNamespace', `https://spdx.org/spdxdocs/${name.replace(/[^A-Za-z0-9.-]+/g, '-')}-${id}`],
    [
      'creationInfo',
      {
        created: documentTime(sbom.subject, options),
        creators: [`Tool: dlint-${options.toolVersion}`, ...(vendor ? [`Organization: ${oneLine(vendor)}`] : [])],
      },
    ],
    ['packages', packages(sbom)],
    ['hasExtractedLicensingInfos', extractedLicenses(sbom)],
    ['relationships', relationships(sbom)],
  ]);
}

function* packages({ subject, distro, packages }: Sbom): Iterable<Json> {
  const root = rootOf(subject);
  yield {
    SPDXID: rootId(subject),
    name: root.name,
    versionInfo: root.version,
    primaryPackagePurpose: root.type.toUpperCase(),
    ...COMMON,
    downloadLocation: NOASSERTION,
    ...(root.license ? { licenseDeclared: root.license } : {}),
    ...(root.purl ? { externalRefs: [purlReference(root.purl)] } : {}),
  };
  if (distro) yield osPackage(distro);
  for (const one of packages) yield packageOf(one);
}

function rootId({ kind }: Subject): string {
  return kind === 'image' ? 'SPDXRef-Image' : 'SPDXRef-Directory';
}

const COMMON: Json = { filesAnalyzed: false, copyrightText: NOASSERTION, supplier: NOASSERTION };

function osPackage({ id, versionId, prettyName }: Distro): Json {
  return {
    SPDXID: OS,
    name: id,
    ...(versionId ? { versionInfo: versionId } : {}),
    primaryPackagePurpose: 'OPERATING_SYSTEM',
    ...COMMON,
    downloadLocation: NOASSERTION,
    ...(prettyName ? { summary: prettyName } : {}),
  };
}

function packageOf(one: SbomPackage): Json {
  const { layer } = one;
  const places = one.occurrences.map((path) => `/${path}`).join(', ');
  return {
    SPDXID: idOf(one),
    name: one.name,
    versionInfo: one.version,
    primaryPackagePurpose: 'LIBRARY',
    ...COMMON,
    ...(one.supplier ? { supplier: actor(one.supplier) } : {}),
    downloadLocation: one.downloadUrl ?? NOASSERTION,
    ...(one.homepage && /^https?:\/\/\S+$/.test(one.homepage) ? { homepage: one.homepage } : {}),
    ...(one.description ? { summary: one.description } : {}),
    ...(one.hashes?.length
      ? {
          checksums: one.hashes.map(({ algorithm, value }) => ({
            algorithm: algorithm.replace('-', ''),
            checksumValue: value,
          })),
        }
      : {}),
    licenseDeclared: declaredExpression(one) ?? NOASSERTION,
    licenseConcluded: one.concludedLicense ?? NOASSERTION,
    sourceInfo: oneLine(
      `found in ${places}${layer ? `; layer ${layer.index}` : ''}${layer?.diffId ? ` (${layer.diffId})` : ''}`,
    ),
    externalRefs: [purlReference(one.purl)],
  };
}

/** What is declared, as an expression: a name that SPDX does not know is a reference to that name. */
function declaredExpression({ declaredLicense, concludedLicense }: SbomPackage): string | undefined {
  return concludedLicense ?? (declaredLicense ? licenseRef(declaredLicense) : undefined);
}

/** §3.2: letters, digits, dots and dashes; the digest of the purl keeps two names apart that only differ elsewhere. */
function idOf({ ecosystem, name, purl }: SbomPackage): string {
  const digest = createHash('sha256').update(purl).digest('hex').slice(0, 16);
  return `SPDXRef-${ecosystem}-${name.slice(0, 100).replace(/[^A-Za-z0-9.-]+/g, '-')}-${digest}`;
}

function purlReference(purl: string): Json {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
}

/** §7.5. Whether a name is a person's is only known of one with an address of its own that is no list's. */
function actor({ name, email }: Party): string {
  const group =
    /\b(team|group|maintainers|developers|packagers?|project|foundation|authors|contributors|inc|ltd|gmbh|corporation)\b/i;
  const kind =
    group.test(name) || (email && /lists?\.|@lists|-devel@|-maint/.test(email)) || !email ? 'Organization' : 'Person';
  return `${kind}: ${oneLine(name).replace(/[()]/g, ' ').trim()}${email ? ` (${email})` : ''}`;
}

function* extractedLicenses({ packages }: Sbom): Iterable<Json> {
  const names = new Map<string, string>();
  for (const one of packages) {
    for (const expression of [declaredExpression(one), one.concludedLicense]) {
      for (const id of licenseRefs(expression ?? '')) {
        const isWhole = one.declaredLicense && licenseRef(one.declaredLicense) === id;
        if (isWhole || !names.has(id))
          names.set(id, isWhole ? (one.declaredLicense as string) : id.slice('LicenseRef-'.length));
      }
    }
  }
  for (const licenseId of [...names.keys()].sort(compareBytes)) {
    const name = (names.get(licenseId) as string).slice(0, MAX_TEXT);
    yield { licenseId, name, extractedText: `The package names its licence "${name}"; the text was not extracted.` };
  }
}

function* relationships({ subject, distro, packages }: Sbom): Iterable<Json> {
  const root = rootId(subject);
  const ids = new Map(packages.map((one) => [one.purl, idOf(one)]));
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

function oneLine(text: string): string {
  return text.slice(0, MAX_TEXT).replace(/\s+/g, ' ').trim();
}
