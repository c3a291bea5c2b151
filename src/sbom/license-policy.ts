import parse, { type SpdxNode } from 'spdx-expression-parse';
import { LICENSE_IDS, spdxOf } from './license.ts';
import type { SbomPackage } from './sbom.ts';

/** Licences by their SPDX id, with `*` for any part: `GPL-*`, `Apache-2.0 WITH LLVM-exception`. */
export interface LicensePolicy {
  /** Nothing else may be used; absent: everything that is not denied. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

export type Verdict = 'allowed' | 'denied' | 'unknown';

/** A package whose licence the policy does not take. */
export interface LicenseFinding {
  readonly rule: 'license-denied' | 'license-unknown';
  readonly package: SbomPackage;
  /** As shown: the expression, else what the package says; null when it says nothing. */
  readonly license: string | null;
}

/** In the order of the packages. A package without any licence that can be understood is `license-unknown`. */
export function checkLicenses(packages: readonly SbomPackage[], policy: LicensePolicy): LicenseFinding[] {
  const judge = licenseJudge(policy);
  const verdicts = new Map<string, Verdict>();
  const findings: LicenseFinding[] = [];
  for (const one of packages) {
    const license = one.concludedLicense ?? one.declaredLicense ?? null;
    const expression = one.concludedLicense ?? '';
    if (!verdicts.has(expression)) verdicts.set(expression, judge(expression));
    const verdict = verdicts.get(expression);
    if (verdict === 'allowed') continue;
    findings.push({ rule: verdict === 'denied' ? 'license-denied' : 'license-unknown', package: one, license });
  }
  return findings;
}

/** A text that names no licence, e.g. in a policy. */
export function isLicensePattern(text: string): boolean {
  if (text.includes('*')) return /^[A-Za-z0-9.+*-]+( WITH [A-Za-z0-9.+*-]+)?$/.test(text);
  const expression = spdxOf(text);
  return expression !== undefined && !('conjunction' in parse(expression))
    ? true
    : /^LicenseRef-[A-Za-z0-9.-]+$/.test(text);
}

/**
 * Tells of an SPDX expression (SPDX 2.3, annex D) whether the policy takes it. Of `A OR B` one side is enough, of
 * `A AND B` both are needed, and `or later` is a choice of all the versions there are.
 */
export function licenseJudge({ allow, deny = [] }: LicensePolicy): (expression: string) => Verdict {
  const allows = allow?.map(matcher);
  const denies = deny.map(matcher);
  const judgeOne = (license: string, exception: string | undefined): Verdict => {
    const allowed = best(allows?.map((matches) => matches(license, exception)));
    const denied = best(denies.map((matches) => matches(license, exception)));
    // What names the exception says more than what names the licence alone.
    if (denied > 0 && denied >= allowed) return 'denied';
    if (allowed > 0) return 'allowed';
    if (allows) return 'denied';
    return license.startsWith('LicenseRef-') ? 'unknown' : 'allowed';
  };
  const judge = (node: SpdxNode): Verdict => {
    if ('conjunction' in node) {
      const sides = [judge(node.left), judge(node.right)];
      return node.conjunction === 'or'
        ? choose(sides, ['allowed', 'unknown', 'denied'])
        : choose(sides, ['denied', 'unknown', 'allowed']);
    }
    const versions = versionsOf(node.plus ? `${node.license}+` : node.license);
    return choose(
      versions.map((version) => judgeOne(version, node.exception)),
      ['allowed', 'unknown', 'denied'],
    );
  };
  return (expression) => {
    try {
      return expression === '' ? 'unknown' : judge(parse(expression));
    } catch {
      return 'unknown';
    }
  };
}

/** The first of `order` that is there. */
function choose(verdicts: readonly Verdict[], order: readonly Verdict[]): Verdict {
  return order.find((one) => verdicts.includes(one)) ?? 'unknown';
}

/** How well a licence fits a pattern: 0 not, 1 by the licence, 2 by licence and exception. */
type Match = 0 | 1 | 2;
type Matcher = (license: string, exception: string | undefined) => Match;

function best(matches: readonly Match[] = []): number {
  return Math.max(0, ...matches);
}

function matcher(pattern: string): Matcher {
  const [license = '', exception] = (pattern.includes('*') ? pattern : (spdxOf(pattern) ?? pattern)).split(/ with /i);
  // Who names "or later" means each of the versions.
  const tests = (license.includes('*') ? [license] : [license, ...versionsOf(license)]).map(wildcard);
  const fitsException = exception === undefined ? undefined : wildcard(exception);
  return (id, other) => {
    if (!tests.some((fits) => fits(id))) return 0;
    if (!fitsException) return 1;
    return other !== undefined && fitsException(other) ? 2 : 0;
  };
}

/** `*` stands for any characters. Case does not count (SPDX 2.3, annex D.2). Linear: the parts are searched one after the other. */
function wildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const last = parts.pop();
  return (text) => {
    const lower = text.toLowerCase();
    if (last === undefined) return lower === first;
    if (!lower.startsWith(first)) return false;
    let at = first.length;
    for (const part of parts) {
      const found = lower.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return lower.length - last.length >= at && lower.endsWith(last);
  };
}

/** `GPL-2.0-or-later` and `Apache-1.1+` → that version and every later one that SPDX lists; any other licence is itself. */
function versionsOf(license: string): string[] {
  const [, family, stated, suffix] = /^(.+?)-(\d+(?:\.\d+)*)(\+|-or-later|-only)?$/.exec(license) ?? [];
  if (!family || !stated) return [license];
  const isGnu = /^(?:AGPL|GFDL|GPL|LGPL)$/.test(family);
  if (suffix === '-only' || (suffix === undefined && !isGnu)) return [license];
  if (suffix === undefined) return [`${license}-only`];
  const versions = LICENSE_IDS.flatMap((id) => {
    const [, other, version] = /^(.+?)-(\d+(?:\.\d+)*)(-only)?$/.exec(id) ?? [];
    const isLater = other === family && version !== undefined && compareVersions(version, stated) >= 0;
    return isLater && id.endsWith('-only') === isGnu ? [id] : [];
  });
  return versions.length > 0 ? versions : [license];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
