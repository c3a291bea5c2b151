import { describe, expect, test } from 'vitest';
import { checkLicenses, isLicensePattern, type LicensePolicy, licenseJudge } from '../../src/sbom/license-policy.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { sbomOfLayers } from '../support/image-of.ts';

const judge = (expression: string, policy: LicensePolicy) => licenseJudge(policy)(expression);

describe('a licence under a policy', () => {
  test.each<[string, LicensePolicy, string]>([
    ['MIT', { allow: ['MIT'] }, 'allowed'],
    ['MIT', { allow: ['mit'] }, 'allowed'],
    ['ISC', { allow: ['MIT'] }, 'denied'],
    ['MIT', { deny: ['GPL-*'] }, 'allowed'],
    ['GPL-3.0-only', { deny: ['GPL-*'] }, 'denied'],
    ['LGPL-3.0-only', { deny: ['GPL-*'] }, 'allowed'],
    ['LGPL-3.0-only', { deny: ['*GPL-*'] }, 'denied'],
    ['MIT OR GPL-3.0-only', { deny: ['GPL-*'] }, 'allowed'],
    ['MIT AND GPL-3.0-only', { deny: ['GPL-*'] }, 'denied'],
    ['MIT OR (ISC AND GPL-3.0-only)', { allow: ['ISC', 'GPL-*'] }, 'allowed'],
    ['MIT AND (ISC OR GPL-3.0-only)', { allow: ['ISC', 'MIT'] }, 'allowed'],
    // Or later is a choice: version 3 may be taken.
    ['GPL-2.0-or-later', { allow: ['GPL-3.0-only'] }, 'allowed'],
    ['GPL-2.0-or-later', { allow: ['GPL-2.0-only'] }, 'allowed'],
    ['GPL-3.0-or-later', { allow: ['GPL-2.0-only'] }, 'denied'],
    ['GPL-2.0-or-later', { deny: ['GPL-2.0-only'] }, 'allowed'],
    ['GPL-2.0-or-later', { deny: ['GPL-2.0-or-later'] }, 'denied'],
    ['GPL-3.0-only', { deny: ['GPL-2.0+'] }, 'denied'],
    ['GPL-2.0-only', { deny: ['GPL-3.0-or-later'] }, 'allowed'],
    ['Apache-1.1+', { allow: ['Apache-2.0'] }, 'allowed'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', { deny: ['GPL-*'] }, 'denied'],
    [
      'GPL-2.0-only WITH Classpath-exception-2.0',
      { deny: ['GPL-*'], allow: ['GPL-2.0-only WITH Classpath-exception-2.0'] },
      'allowed',
    ],
    ['GPL-2.0-only WITH Classpath-exception-2.0', { deny: ['GPL-*'], allow: ['GPL-* WITH *', 'MIT'] }, 'allowed'],
    ['GPL-2.0-only', { deny: ['GPL-*'], allow: ['GPL-* WITH *', 'MIT'] }, 'denied'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', { allow: ['GPL-2.0-only'] }, 'allowed'],
    ['GPL-2.0-only', { deny: ['GPL-2.0-only'], allow: ['GPL-2.0-only'] }, 'denied'],
    ['LicenseRef-Own', { deny: ['GPL-*'] }, 'unknown'],
    ['LicenseRef-Own', { allow: ['LicenseRef-*'] }, 'allowed'],
    ['LicenseRef-Own', { deny: ['LicenseRef-O*n'] }, 'denied'],
    ['LicenseRef-Own OR MIT', { deny: ['GPL-*'] }, 'allowed'],
    ['LicenseRef-Own AND MIT', { deny: ['GPL-*'] }, 'unknown'],
    ['', { allow: ['*'] }, 'unknown'],
    ['no expression', { allow: ['*'] }, 'unknown'],
  ])('%s under %j: %s', (expression, policy, verdict) => {
    expect(judge(expression, policy)).toBe(verdict);
  });

  test('many stars take no longer than few', () => {
    const start = cpuTime();
    licenseJudge({ deny: [`${'*a'.repeat(50_000)}*`] })(`LicenseRef-${'a'.repeat(40_000)}b`);
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  test('what a policy can name', () => {
    expect(
      ['MIT', 'GPL-*', 'GPL-2.0-only WITH Classpath-exception-2.0', 'LicenseRef-x', '*'].every(isLicensePattern),
    ).toBe(true);
    expect(['', 'Foo', 'MIT OR ISC', 'MIT AND *', 'a b*'].some(isLicensePattern)).toBe(false);
  });
});

test('findings have the package with its layer, and the licence', () => {
  const module = (name: string, license?: string) => ({
    [`app/node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', license }),
  });
  const { packages } = sbomOfLayers([{ ...module('a', 'MIT'), ...module('b') }, module('c', 'AGPL-3.0')]);
  const found = checkLicenses(packages, { deny: ['AGPL-*'] });
  expect(found.map((one) => [one.rule, one.package.name, one.package.layer?.index, one.license])).toEqual([
    ['license-unknown', 'b', 1, null],
    ['license-denied', 'c', 2, 'AGPL-3.0-only'],
  ]);
});
