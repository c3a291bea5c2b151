import type { DocumentOptions } from '../document.ts';
import type { Sbom } from '../sbom.ts';
import { spdxMembers } from './spdx.ts';
import { oneLine } from './spdx-parts.ts';

type Json = Record<string, unknown>;

/** The SBOM as SPDX 2.3 tag-value (annex on serialisation): the same facts as in JSON. */
export function* spdxTagValue(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  const document = Object.fromEntries(spdxMembers(sbom, options, 'spdx-tag-value'));
  const { created, creators } = document.creationInfo as { created: string; creators: readonly string[] };
  yield [
    tag('SPDXVersion', document.spdxVersion),
    tag('DataLicense', document.dataLicense),
    tag('SPDXID', document.SPDXID),
    tag('DocumentName', document.name),
    tag('DocumentNamespace', document.documentNamespace),
    ...creators.map((creator) => tag('Creator', creator)),
    tag('Created', created),
  ].join('');
  for (const one of document.packages as Iterable<Json>) yield `\n${packageTags(one)}`;
  for (const { licenseId, extractedText, name } of document.hasExtractedLicensingInfos as Iterable<Json>) {
    yield `\n${tag('LicenseID', licenseId)}${block('ExtractedText', extractedText)}${tag('LicenseName', name)}`;
  }
  yield '\n';
  for (const { spdxElementId, relationshipType, relatedSpdxElement } of document.relationships as Iterable<Json>) {
    yield tag('Relationship', `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`);
  }
}

function packageTags(one: Json): string {
  const checksums = (one.checksums ?? []) as readonly Json[];
  const references = (one.externalRefs ?? []) as readonly Json[];
  return [
    tag('PackageName', one.name),
    tag('SPDXID', one.SPDXID),
    tag('PackageVersion', one.versionInfo),
    tag('PackageSupplier', one.supplier),
    tag('PackageDownloadLocation', one.downloadLocation),
    tag('FilesAnalyzed', one.filesAnalyzed),
    ...checksums.map(({ algorithm, checksumValue }) => tag('PackageChecksum', `${algorithm}: ${checksumValue}`)),
    tag('PackageHomePage', one.homepage),
    block('PackageSourceInfo', one.sourceInfo),
    tag('PackageLicenseConcluded', one.licenseConcluded),
    tag('PackageLicenseDeclared', one.licenseDeclared),
    tag('PackageCopyrightText', one.copyrightText),
    block('PackageSummary', one.summary),
    tag('PrimaryPackagePurpose', one.primaryPackagePurpose),
    ...references.map(({ referenceCategory, referenceType, referenceLocator }) =>
      tag('ExternalRef', `${referenceCategory} ${referenceType} ${referenceLocator}`),
    ),
  ].join('');
}

/** A line. Nothing is written of what is not there. */
function tag(name: string, value: unknown): string {
  return value === undefined ? '' : `${name}: ${oneLine(wellFormed(String(value)))}\n`;
}

/** Text that may have several lines. */
function block(name: string, value: unknown): string {
  if (value === undefined) return '';
  return `${name}: <text>${wellFormed(String(value)).replaceAll('</text>', '</ text>')}</text>\n`;
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
