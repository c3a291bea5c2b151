import { isExpression, isLicenseId } from '../license.ts';
import type { Package } from '../package.ts';
import type { CyclonedxVersion } from './cyclonedx.ts';

type Json = Record<string, unknown>;

/** Ids of the SPDX list that the schema of CycloneDX 1.6 does not know; as `license.id` they make a document invalid. */
export const IDS_NOT_IN_SCHEMA: ReadonlySet<string> = new Set([
  'BSD-2-Clause-pos-unchanged',
  'BSD-3-Clause-OpenWebUI',
  'BSD-Source-Code-no-disclaimer',
  'BSD-Source-alt-GPL',
  'BSD-ask-to-endorse',
  'Brian-Gladman-3-Clause-no-conversion',
  'Bugroff',
  'CC-BY-NC-3.0-IGO',
  'FDK-MPEG-H',
  'Hippocratic-3.0-core',
  'Informatica',
  'MVT-1.1',
  'atc-game',
]);

const MAX_NAME = 1000;

/**
 * `licenses` of a component. A list of ids and names holds both what the package says and what was concluded, since 1.6,
 * which tells the two apart. An expression must stand alone, so beside it the words of the package are in
 * `evidenceLicenses`.
 */
export function cyclonedxLicenses(one: Package, version: CyclonedxVersion): Json {
  const { declaredLicense, concludedLicense } = one;
  const isTold = version === '1.6' || version === '1.7';
  if (isCompound(concludedLicense)) {
    const acknowledgement = declaredLicense && isExpression(declaredLicense) ? 'declared' : 'concluded';
    return { licenses: [{ expression: concludedLicense, ...(isTold ? { acknowledgement } : {}) }] };
  }
  const concluded = concludedLicense && isLicenseId(concludedLicense) ? concludedLicense : undefined;
  const declared = concluded ?? declaredLicense;
  if (!declared) return {};
  if (!isTold) return { licenses: [license(declared)] };
  return {
    licenses: [license(declared, 'declared'), ...(concluded ? [license(concluded, 'concluded')] : [])],
  };
}

/** `evidence.licenses`: the package's own words, where `licenses` has no room for them. */
export function evidenceLicenses({ declaredLicense, concludedLicense }: Package, version: CyclonedxVersion): Json {
  if (!declaredLicense || !isCompound(concludedLicense) || isExpression(declaredLicense)) return {};
  const isTold = version === '1.6' || version === '1.7';
  return { licenses: [license(declaredLicense, isTold ? 'declared' : undefined)] };
}

function isCompound(expression: string | undefined): boolean {
  return expression !== undefined && !isLicenseId(expression) && !/^LicenseRef-[^ ]+$/.test(expression);
}

function license(name: string, acknowledgement?: 'declared' | 'concluded'): Json {
  const isId = isLicenseId(name) && !IDS_NOT_IN_SCHEMA.has(name);
  const named = isId ? { id: name } : { name: name.slice(0, MAX_NAME) };
  return { license: { ...named, ...(acknowledgement ? { acknowledgement } : {}) } };
}
