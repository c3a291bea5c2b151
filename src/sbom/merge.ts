import { compareBytes } from './byte-order.ts';
import type { Package, Scope } from './package.ts';

/** The strongest first. */
const SCOPES: readonly Scope[] = ['production', 'optional', 'development'];

export interface Merged extends Package {
  readonly occurrences: readonly string[];
}

/** One package for each purl, in byte order; what several places say is put together, the first place in byte order first. */
export function mergeByPurl(packages: readonly Package[]): Merged[] {
  const groups = new Map<string, Package[]>();
  for (const one of packages) {
    const group = groups.get(one.purl);
    if (group) group.push(one);
    else groups.set(one.purl, [one]);
  }
  return [...groups.keys()].sort(compareBytes).map((purl) => merge(groups.get(purl) as Package[]));
}

function merge(group: readonly Package[]): Merged {
  const sorted = [...group].sort((a, b) => compareBytes(a.evidence[0] ?? '', b.evidence[0] ?? ''));
  const occurrences = distinct(sorted.flatMap((one) => one.evidence.slice(0, 1)));
  const [first] = sorted;
  if (sorted.length === 1 && first) return { ...first, occurrences };
  const filled = Object.assign({}, ...sorted.toReversed()) as Package;
  return {
    ...filled,
    ...scopeOf(sorted),
    ...(sorted.some((one) => one.knowsDependencies === false) ? { knowsDependencies: false } : {}),
    confidence: Math.max(...sorted.map((one) => one.confidence)),
    dependsOn: distinct(sorted.flatMap((one) => one.dependsOn ?? [])),
    provides: distinct(sorted.flatMap((one) => one.provides ?? [])),
    ownsFiles: distinct(sorted.flatMap((one) => one.ownsFiles ?? [])),
    evidence: distinct(sorted.flatMap((one) => one.evidence)),
    occurrences,
  };
}

/** What one place needs in production is needed there, whatever others want it for. */
function scopeOf(group: readonly Package[]): Pick<Package, 'scope' | 'isDirect'> {
  const scope = SCOPES.find((scope) => group.some((one) => one.scope === scope));
  const stated = group.filter((one) => one.isDirect !== undefined);
  return {
    ...(scope ? { scope } : {}),
    ...(stated.length > 0 ? { isDirect: stated.some((one) => one.isDirect) } : {}),
  };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
