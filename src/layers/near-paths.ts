import type { ImageTree, TreeView } from './image-tree.ts';

const MOST_NAMESAKES = 3;
/** A directory with more names than this is not looked through for a misspelt one. */
const MOST_SIBLINGS = 20_000;

export interface NearPaths {
  /** Names in the directory where the path ends. */
  readonly siblings: readonly string[];
  /** Paths elsewhere with the same last name, at most a few. */
  readonly namesakes: readonly string[];
}

/** What may have been meant by a path that is not there. */
export function nearPaths(view: TreeView, path: string): NearPaths {
  const slash = path.lastIndexOf('/');
  const parent = path.slice(0, slash + 1);
  const name = path.slice(slash + 1);
  const siblings: string[] = [];
  const namesakes: string[] = [];
  for (const { path: other } of view.files()) {
    const start = other.lastIndexOf('/') + 1;
    if (start === parent.length && other.startsWith(parent)) {
      if (siblings.length < MOST_SIBLINGS) siblings.push(other.slice(start));
    } else if (other.endsWith(name) && other.length - start === name.length && namesakes.length < MOST_NAMESAKES) {
      namesakes.push(other);
    }
  }
  return { siblings, namesakes };
}

/** The highest 1-based layer up to `layers` after which the path was there, symlinks not followed; undefined if none. */
export function lastLayerWith(tree: ImageTree, path: string, layers: number): number | undefined {
  for (let layer = layers; layer > 0; layer--) if (tree.upTo(layer).get(path)) return layer;
  return undefined;
}
