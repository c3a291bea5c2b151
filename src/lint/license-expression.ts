import parse from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import ids from 'spdx-license-ids/index.json' with { type: 'json' };

/** Longer texts are licences themselves, not names of licences. */
const maxLength = 1024;

/** Whether a text is a licence expression (SPDX 2.3, annex D). Ids are compared without case, as it says there. */
export function isLicenseExpression(text: string): boolean {
  if (text.length > maxLength) return false;
  try {
    const known = canonicalIds();
    parse(text.replace(/[\w.-]+/g, (word) => known.get(word.toLowerCase()) ?? word));
    return true;
  } catch {
    return false;
  }
}

/** The id that differs from a text in case and blanks only: `Apache 2.0` is `Apache-2.0`. */
export function licenseIdLike(text: string): string | undefined {
  return canonicalIds().get(text.trim().toLowerCase().replace(/\s+/g, '-'));
}

function canonicalIds(): ReadonlyMap<string, string> {
  return new Map([...deprecatedIds, ...ids].map((id) => [id.toLowerCase(), id]));
}
