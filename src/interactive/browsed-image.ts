import type { LayerTree } from '../layers/image-tree.ts';
import type { InspectedImage } from '../layers/inspect.ts';
import { resolvePath } from '../layers/resolve-path.ts';
import type { ImageReport } from '../report/image-report.ts';
import type { Pattern } from './pattern.ts';
import {
  keptPaths,
  type Open,
  type RowChoice,
  type Rows,
  type Shown,
  type Sort,
  shownChildren,
  treeRows,
} from './rows.ts';

/** What of an image is listed. Two with the same values list the same. */
export interface Selection {
  readonly layer: number;
  /** Changes of the layers from this one on are marked. */
  readonly since: number;
  readonly shown: Shown;
  readonly filter: Pattern | undefined;
  readonly open: Open;
  readonly sort: Sort;
}

/** Trees that are kept: some ten bytes for each path of the image. */
const TREES = 6;

/** An image as the browser sees it. What takes time to compute is kept while it is looked at. */
export class BrowsedImage {
  readonly report: ImageReport;
  readonly #tree: InspectedImage['tree'];
  readonly #trees = new Map<string, LayerTree>();
  #kept: { readonly of: Selection; readonly kept: Uint8Array } | undefined;
  #rows: { readonly of: Selection; readonly rows: Rows } | undefined;
  #matches: { readonly of: Pattern; readonly matches: Uint8Array }[] = [];
  #paths: string[] | undefined;

  constructor({ report, tree }: Pick<InspectedImage, 'report' | 'tree'>) {
    this.report = report;
    this.#tree = tree;
  }

  get layerCount(): number {
    return this.report.layers.length;
  }

  tree(layer: number, since: number): LayerTree {
    const name = `${layer} ${since}`;
    const tree = this.#trees.get(name) ?? this.#tree.layerTree(layer, since);
    this.#trees.delete(name);
    this.#trees.set(name, tree);
    for (const oldest of this.#trees.keys()) if (this.#trees.size > TREES) this.#trees.delete(oldest);
    return tree;
  }

  /** Bytes of a path as they are listed: where only changes are, of these. */
  bytes({ layer, since, shown }: Selection, node: number): number {
    const tree = this.tree(layer, since);
    return shown.unmodified ? tree.bytes(node) : tree.changedBytes(node);
  }

  rows(selection: Selection): Rows {
    if (!this.#rows || !isSame(this.#rows.of, selection)) {
      const tree = this.tree(selection.layer, selection.since);
      this.#rows = { of: selection, rows: treeRows(tree, this.#choice(selection)) };
    }
    return this.#rows.rows;
  }

  hasChildren(selection: Selection, node: number): boolean {
    const { kept } = this.#choice(selection);
    return this.tree(selection.layer, selection.since)
      .children(node)
      .some((child) => kept[child] === 1);
  }

  /** The next path, down or up from `node`, that a pattern matches, in closed directories, too; undefined for none. */
  find(selection: Selection, pattern: Pattern, node: number, step: 1 | -1): number | undefined {
    const matches = this.#matchesOf(pattern);
    const tree = this.tree(selection.layer, selection.since);
    const every = { ...this.#choice(selection), open: { isAll: true, except: new Set<number>() } };
    const { nodes } = treeRows(tree, every);
    const count = nodes.length;
    const start = nodes.indexOf(node);
    for (let i = 1; i <= count; i++) {
      const at = nodes[(start + step * i + 2 * count) % count] as number;
      if (matches[at] === 1) return at;
    }
    return undefined;
  }

  firstChild(selection: Selection, node: number): number | undefined {
    return shownChildren(this.tree(selection.layer, selection.since), node, this.#choice(selection))[0];
  }

  /** What a symbolic link leads to after a layer. */
  follow(layer: number, path: string): number | undefined {
    const found = resolvePath(this.#tree.upTo(layer), path);
    return found.file && this.tree(layer, layer).locate(found.file.path);
  }

  #choice(selection: Selection): RowChoice {
    const { layer, since, shown, filter, open, sort } = selection;
    const of = this.#kept?.of;
    const isKnown = of && of.layer === layer && of.since === since && of.shown === shown && of.filter === filter;
    if (!isKnown || !this.#kept) {
      const matches = filter && this.#matchesOf(filter);
      this.#kept = { of: selection, kept: keptPaths(this.tree(layer, since), shown, matches) };
    }
    return { kept: this.#kept.kept, open, sort, bytesOf: (node) => this.bytes(selection, node) };
  }

  /** By node, of all layers. */
  #matchesOf(pattern: Pattern): Uint8Array {
    const known = this.#matches.find(({ of }) => of === pattern);
    if (known) return known.matches;
    this.#paths ??= allPaths(this.tree(this.layerCount, this.layerCount));
    const matches = Uint8Array.from(this.#paths, (path) => (pattern.matches(path) ? 1 : 0));
    matches[0] = 0;
    this.#matches = [{ of: pattern, matches }, ...this.#matches].slice(0, 2);
    return matches;
  }
}

function allPaths(tree: LayerTree): string[] {
  const paths = [''];
  for (let node = 1; node < tree.size; node++) paths.push(`${paths[tree.parent(node)]}/${tree.name(node)}`);
  return paths;
}

function isSame(a: Selection, b: Selection): boolean {
  return (
    a.layer === b.layer &&
    a.since === b.since &&
    a.shown === b.shown &&
    a.filter === b.filter &&
    a.open === b.open &&
    a.sort === b.sort
  );
}
