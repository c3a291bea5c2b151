import { compareBytes } from '../byte-order.ts';
import { licenseRef, licenseRefs } from '../license.ts';
import type { Package } from '../package.ts';

const MAX_TEXT = 2000;

/** What is declared, as an expression: a name that SPDX does not know is a reference to that name. */
export function declaredExpression({ declaredLicense, concludedLicense }: Package): string | undefined {
  return concludedLicense ?? (declaredLicense ? licenseRef(declaredLicense) : undefined);
}

/** A licence that is not on SPDX's list, as the packages name it. */
export interface NamedLicense {
  /** `LicenseRef-…`. */
  readonly id: string;
  readonly name: string;
  /** What stands where the licence's text would. */
  readonly text: string;
}

/** Every `LicenseRef-…` that the packages' expressions hold, in byte order. */
export function namedLicenses(packages: readonly Package[]): NamedLicense[] {
  const names = new Map<string, string>();
  for (const one of packages) {
    const whole = one.declaredLicense ? licenseRef(one.declaredLicense) : undefined;
    for (const id of licenseRefs(declaredExpression(one) ?? '')) {
      if (whole === id) names.set(id, one.declaredLicense as string);
      else if (!names.has(id)) names.set(id, id.slice('LicenseRef-'.length));
    }
  }
  return [...names.keys()].sort(compareBytes).map((id) => {
    const name = (names.get(id) as string).slice(0, MAX_TEXT);
    return { id, name, text: `The package names its licence "${name}"; the text was not extracted.` };
  });
}
