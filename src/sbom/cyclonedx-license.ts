import { isExpression, isLicenseId } from './license.ts';
import type { Package } from './package.ts';

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
 * `licenses` of a component. A list of ids and names holds both what the package says and what was concluded. An
 * expression must stand alone, so beside it the words of the package are in `evidenceLicenses`.
 */
export function cyclonedxLicenses({ declaredLicense, concludedLicense }: Package): Json {
  if (isCompound(concludedLicense)) {
    const acknowledgement = declaredLicense && isExpression(declaredLicense) ? 'declared' : 'concluded';
    return { licenses: [{ expression: concludedLicense, acknowledgement }] };
  }
  const concluded = concludedLicense && isLicenseId(concludedLicense) ? concludedLicense : undefined;
  const declared = concluded ?? declaredLicense;
  const licenses = [
    ...(declared ? [license(declared, 'declared')] : []),
    ...(concluded ? [license(concluded, 'concluded')] : []),
  ];
  return licenses.length > 0 ? { licenses } : {};
}

/** `evidence.licenses`: the package's own words, where `licenses` has no room for them. */
export function evidenceLicenses({ declaredLicense, concludedLicense }: Package): Json {
  if (!declaredLicense || !isCompound(concludedLicense) || isExpression(declaredLicense)) return {};
  return { licenses: [license(declaredLicense, 'declared')] };
}

function isCompound(expression: string | undefined): boolean {
  return expression !== undefined && !isLicenseId(expression) && !/^LicenseRef-[^ ]+$/.test(expression);
}

function license(name: string, acknowledgement: 'declared' | 'concluded'): Json {
  const isId = isLicenseId(name) && !IDS_NOT_IN_SCHEMA.has(name);
  return { license: { ...(isId ? { id: name } : { name: name.slice(0, MAX_NAME) }), acknowledgement } };
}
