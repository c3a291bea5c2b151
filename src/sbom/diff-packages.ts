import type { PackageChange } from '../report/diff-report.ts';
import { compareBytes } from './byte-order.ts';
import type { SbomPackage } from './sbom.ts';
import { compareVersions } from './version-order.ts';

/**
 * What happened to the packages between two images. A package is known by its purl without the version; where an image
 * has several versions of it, one that left and one that came are told as an upgrade only if they are the only ones.
 */
export function diffPackages(before: readonly SbomPackage[], after: readonly SbomPackage[]): PackageChange[] {
  const [old, young] = [byIdentity(before), byIdentity(after)];
  const identities = [...new Set([...old.keys(), ...young.keys()])].sort(compareBytes);
  return identities.flatMap((identity) => changesOf(old.get(identity) ?? [], young.get(identity) ?? []));
}

function byIdentity(packages: readonly SbomPackage[]): Map<string, SbomPackage[]> {
  const found = new Map<string, SbomPackage[]>();
  for (const one of packages) {
    const identity = identityOf(one);
    const list = found.get(identity);
    if (list) list.push(one);
    else found.set(identity, [one]);
  }
  return found;
}

/** The purl up to the version; an `@` in a name is written `%40`. The architecture tells packages apart, too. */
function identityOf({ purl }: SbomPackage): string {
  const arch = /[?&]arch=([^&#]*)/.exec(purl)?.[1] ?? '';
  return `${purl.replace(/[@?#].*$/s, '')} ${arch}`;
}

function changesOf(old: readonly SbomPackage[], young: readonly SbomPackage[]): PackageChange[] {
  const gone = old.filter(({ version }) => !young.some((one) => one.version === version));
  const come = young.filter(({ version }) => !old.some((one) => one.version === version));
  const [from, to] = [gone[0], come[0]];
  const kept = young.flatMap((one) => relicensed(old, one));
  if (from && to && gone.length === 1 && come.length === 1) return [changed(from, to), ...kept];
  return [
    ...gone.map((one) => ({ ...nameOf(one), change: 'removed' as const, before: one.version, after: null })),
    ...come.map((one) => ({ ...nameOf(one), change: 'added' as const, before: null, after: one.version })),
    ...kept,
  ];
}

function changed(from: SbomPackage, to: SbomPackage): PackageChange {
  const order = compareVersions(from.ecosystem, from.version, to.version);
  const change = order < 0 ? 'upgraded' : order > 0 ? 'downgraded' : 'changed';
  return { ...nameOf(to), change, before: from.version, after: to.version };
}

function relicensed(old: readonly SbomPackage[], one: SbomPackage): PackageChange[] {
  const other = old.find(({ version }) => version === one.version);
  if (!other) return [];
  const [before, after] = [other, one].map((each) => each.concludedLicense ?? each.declaredLicense ?? null);
  return before === after
    ? []
    : [{ ...nameOf(one), change: 'relicensed', before: before ?? null, after: after ?? null }];
}

function nameOf({ name, ecosystem }: SbomPackage): Pick<PackageChange, 'name' | 'ecosystem'> {
  return { name, ecosystem };
}
