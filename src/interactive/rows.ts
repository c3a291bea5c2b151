import type { LayerTree } from '../layers/image-tree.ts';

/** Directories that are open: all but some, or some. */
export interface Open {
  readonly isAll: boolean;
  readonly except: ReadonlySet<number>;
}

export const ALL_OPEN: Open = { isAll: true, except: new Set() };
export const ALL_CLOSED: Open = { isAll: false, except: new Set() };

export function isOpen({ isAll, except }: Open, node: number): boolean {
  return isAll !== except.has(node);
}

export function withOpen(open: Open, nodes: Iterable<number>, value: boolean): Open {
  const except = new Set(open.except);
  for (const node of nodes) {
    if (open.isAll === value) except.delete(node);
    else except.add(node);
  }
  return { isAll: open.isAll, except };
}

/** Which paths are shown by what became of them. */
export interface Shown {
  readonly added: boolean;
  readonly modified: boolean;
  readonly removed: boolean;
  readonly unmodified: boolean;
}

export type Sort = 'name' | 'size';

/** The lines of a tree, as far as it is open. */
export interface Rows {
  readonly nodes: Int32Array;
  /** 0 for what lies in the root. */
  readonly depths: Uint16Array;
}

export interface RowChoice {
  readonly open: Open;
  readonly sort: Sort;
  /** By node: 1 for what is shown, with the directories that lead there. */
  readonly kept: Uint8Array;
  readonly bytesOf: (node: number) => number;
}

/** Which paths are chosen, and the directories that lead to them. */
export function keptPaths(tree: LayerTree, shown: Shown, matches: Uint8Array | undefined): Uint8Array {
  const kept = new Uint8Array(tree.size);
  for (let node = tree.size - 1; node > 0; node--) {
    if (kept[node] === 0) {
      if (!tree.isListed(node) || !shown[tree.change(node) ?? 'unmodified']) continue;
      if (matches && matches[node] === 0) continue;
      kept[node] = 1;
    }
    kept[tree.parent(node)] = 1;
  }
  return kept;
}

/** The children that are shown, in order. */
export function shownChildren(tree: LayerTree, node: number, { kept, sort, bytesOf }: RowChoice): Int32Array {
  const children = tree.children(node).filter((child) => kept[child] === 1);
  // The sort is stable, so equal sizes stay in the order of their names.
  return sort === 'size' ? children.sort((a, b) => bytesOf(b) - bytesOf(a)) : children;
}

/** Depth first with a stack of its own: paths may be nested deeper than calls. */
export function treeRows(tree: LayerTree, choice: RowChoice): Rows {
  const nodes: number[] = [];
  const depths: number[] = [];
  const levels: { readonly children: Int32Array; next: number }[] = [
    { children: shownChildren(tree, 0, choice), next: 0 },
  ];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const node = level.children[level.next++];
    if (node === undefined) {
      levels.pop();
      continue;
    }
    nodes.push(node);
    depths.push(Math.min(levels.length - 1, 0xffff));
    if (!isOpen(choice.open, node)) continue;
    const children = shownChildren(tree, node, choice);
    if (children.length > 0) levels.push({ children, next: 0 });
  }
  return { nodes: Int32Array.from(nodes), depths: Uint16Array.from(depths) };
}
