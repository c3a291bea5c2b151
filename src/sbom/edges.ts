import { compareBytes } from './byte-order.ts';
import type { Package } from './package.ts';
import { parsePurl } from './purl.ts';

/** Dependencies as purls that are in the list. A name means a package of the same ecosystem, before one that provides it. */
export function dependencyEdges(packages: readonly Package[]): Map<string, string[]> {
  const purls = new Set(packages.map(({ purl }) => purl));
  const index = new NameIndex(packages);
  const edges = new Map<string, string[]>();
  for (const one of packages) {
    const targets = new Set<string>();
    for (const wanted of one.dependsOn ?? []) {
      const target = purls.has(wanted) ? wanted : index.find(one, wanted);
      if (target && target !== one.purl) targets.add(target);
    }
    edges.set(one.purl, [...targets].sort(compareBytes));
  }
  return edges;
}

interface Named {
  readonly purl: string;
  readonly arch: string | undefined;
}

class NameIndex {
  readonly #names = new Map<string, Named[]>();
  readonly #provided = new Map<string, Named[]>();
  readonly #arch = new Map<string, string | undefined>();

  constructor(packages: readonly Package[]) {
    for (const { name, purl, ecosystem, provides = [] } of packages) {
      const named = { purl, arch: parsePurl(purl).qualifiers?.arch };
      this.#arch.set(purl, named.arch);
      enlist(this.#names, `${ecosystem}\0${name}`, named);
      for (const other of provides) enlist(this.#provided, `${ecosystem}\0${other}`, named);
    }
  }

  /** The first alternative that is there; of several architectures the package's own. */
  find({ ecosystem, purl }: Package, wanted: string): string | undefined {
    const arch = this.#arch.get(purl);
    for (const name of wanted.split('|')) {
      const key = `${ecosystem}\0${name}`;
      const candidates = this.#names.get(key) ?? this.#provided.get(key) ?? [];
      const chosen = candidates.find((one) => one.arch === arch) ?? candidates[0];
      if (chosen) return chosen.purl;
    }
    return undefined;
  }
}

function enlist<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
