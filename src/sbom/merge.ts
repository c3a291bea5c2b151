import { compareBytes } from './byte-order.ts';
import type { Package } from './package.ts';

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
    confidence: Math.max(...sorted.map((one) => one.confidence)),
    dependsOn: distinct(sorted.flatMap((one) => one.dependsOn ?? [])),
    provides: distinct(sorted.flatMap((one) => one.provides ?? [])),
    ownsFiles: distinct(sorted.flatMap((one) => one.ownsFiles ?? [])),
    evidence: distinct(sorted.flatMap((one) => one.evidence)),
    occurrences,
  };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
