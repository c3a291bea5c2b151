import { describe, expect, test } from 'vitest';
import { allOf, expressionOf, isExpression, licenseRef, spdxOf } from '../../src/sbom/license.ts';
import { LICENSE_NAMES } from '../../src/sbom/license-names.ts';

test('every name of the table leads to a valid expression', () => {
  for (const [name, spdx] of LICENSE_NAMES) expect(isExpression(spdx), `${name}: ${spdx}`).toBe(true);
});

describe('one name', () => {
  test.each([
    ['Expat', 'MIT'],
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPL-2', 'GPL-2.0-only'],
    ['GPLv3', 'GPL-3.0-only'],
    ['GPL-2.0', 'GPL-2.0-only'],
    ['GPL-3.0+', 'GPL-3.0-or-later'],
    ['LGPL-2.1+', 'LGPL-2.1-or-later'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['Artistic', 'Artistic-1.0-Perl'],
    ['apache-2.0', 'Apache-2.0'],
    ['BSD-3-clause', 'BSD-3-Clause'],
    ['GPL-2+ with Libtool exception', 'GPL-2.0-or-later WITH Libtool-exception'],
    ['GNU General Public License v2 or later (GPLv2+)', 'GPL-2.0-or-later'],
    ['MIT OR Apache-2.0', 'MIT OR Apache-2.0'],
  ])('%s is %s', (name, spdx) => expect(spdxOf(name)).toBe(spdx));

  test.each(['BSD', 'GPL', 'public-domain', '', 'x'.repeat(5000)])('%s stays open', (name) =>
    expect(spdxOf(name)).toBeUndefined(),
  );
});

describe('statements', () => {
  test.each([
    ['MPL-1.1 or GPL-2 or LGPL-2.1', 'MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only'],
    ['GPL-2+ or Artistic, and BSD-3-clause', '(GPL-2.0-or-later OR Artistic-1.0-Perl) AND BSD-3-Clause'],
    ['GPL-2+ and Expat or ISC', '(GPL-2.0-or-later AND MIT) OR ISC'],
    ['(MIT or BSD) and ISC', '(MIT OR LicenseRef-BSD) AND ISC'],
    ['GPL2 BSD-2-Clause', 'BSD-2-Clause AND GPL-2.0-only'],
    ['MIT, ISC', 'MIT AND ISC'],
    ['GPL-2+-or-X11', 'LicenseRef-GPL-2-or-later-or-X11'],
    ['custom thing', 'LicenseRef-custom-thing'],
    ['BSD-3-clause-Sun', 'BSD-3-Clause-Sun'],
  ])('%s is %s', (text, expression) => expect(expressionOf(text)).toBe(expression));

  test.each(['MIT, ISC or BSD-2-Clause', '', '((((', 'MIT and', 'or', `${'('.repeat(1000)}`, 'x'.repeat(2000)])(
    '%s is not guessed',
    (text) => expect(expressionOf(text)).toBeUndefined(),
  );

  test('whatever comes out is an expression', () => {
    for (const text of ['a/b', 'A, B, and C', 'é è', 'MIT & BSD', 'MIT || BSD', 'A (b) c', 'with', 'GPL-2+ WITH foo']) {
      const out = expressionOf(text);
      if (out !== undefined) expect(isExpression(out), out).toBe(true);
    }
  });
});

test('references hold only what SPDX allows', () => {
  expect(licenseRef('GPL-2+ with OpenSSL exception')).toBe('LicenseRef-GPL-2-or-later-with-OpenSSL-exception');
  expect(licenseRef('§§')).toBeUndefined();
});

test('several hold together', () => {
  expect(allOf(['MIT', 'ISC', 'MIT'])).toBe('ISC AND MIT');
  expect(allOf(['MIT OR ISC', 'Zlib'])).toBe('(MIT OR ISC) AND Zlib');
  expect(allOf([])).toBeUndefined();
});
