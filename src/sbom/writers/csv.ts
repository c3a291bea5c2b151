import type { Sbom, SbomPackage } from '../sbom.ts';
import { dockerfileLine, type SupplierOf, suppliersOf } from './facts.ts';

const COLUMNS =
  'name,version,type,purl,license,declared_license,supplier,layer,removed_by,instruction,dockerfile_line,owned_by,path';

/**
 * One row for each package (RFC 4180, UTF-8, CRLF); several places are joined by blanks. Text that a spreadsheet would
 * take for a formula begins with an apostrophe.
 */
export function* sbomCsv(sbom: Sbom): Iterable<string> {
  yield `${COLUMNS}\r\n`;
  const supplierOf = suppliersOf(sbom);
  for (const one of sbom.packages) yield `${cells(one, sbom, supplierOf).map(cell).join(',')}\r\n`;
}

function cells(one: SbomPackage, sbom: Sbom, supplierOf: SupplierOf): readonly string[] {
  return [
    one.name,
    one.version,
    one.ecosystem,
    one.purl,
    one.concludedLicense ?? '',
    one.declaredLicense ?? '',
    supplierOf(one)?.name ?? '',
    one.layer ? String(one.layer.index) : '',
    one.removedBy ? String(one.removedBy.index) : '',
    one.layer?.createdBy ?? '',
    dockerfileLine(sbom, one) ?? '',
    one.ownedBy ?? '',
    one.occurrences.map((path) => `/${path}`).join(' '),
  ];
}

/** Text that others wrote. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  const whole = safe.replace(/[\ud800-\udfff]/gu, '\ufffd').replace(/\0/g, '\ufffd');
  return /[",\r\n]/.test(whole) ? `"${whole.replaceAll('"', '""')}"` : whole;
}
