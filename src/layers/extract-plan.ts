import type { TreeFile, TreeView } from './image-tree.ts';
import { compileGlobs } from './probes/globs.ts';

/** A body and the paths that share it. */
export interface PlannedBody {
  readonly file: TreeFile;
  readonly paths: string[];
}

/** What is to be made of a view, each kind in the order of the tree: parents before children. */
export interface ExtractPlan {
  readonly directories: readonly TreeFile[];
  /** By 1-based layer, sorted by their place in it. */
  readonly bodies: ReadonlyMap<number, readonly PlannedBody[]>;
  readonly symlinks: readonly TreeFile[];
  /** Devices and fifos. */
  readonly specials: readonly TreeFile[];
  /** Sum of the bodies, each counted once. */
  readonly bytes: number;
}

/** @param globs only paths that match, what is below them, and the directories on the way; without: all */
export function planExtract(view: TreeView, globs?: readonly string[]): ExtractPlan {
  const directories: TreeFile[] = [];
  const symlinks: TreeFile[] = [];
  const specials: TreeFile[] = [];
  const byLayer = new Map<number, Map<number, PlannedBody>>();
  let bytes = 0;
  for (const file of globs === undefined ? view.files() : selected(view, globs)) {
    if (file.kind === 'directory') directories.push(file);
    else if (file.kind === 'symlink') symlinks.push(file);
    else if (file.kind !== 'file') specials.push(file);
    else if (!share(byLayer, file)) bytes += file.entry.size;
  }
  const bodies = [...byLayer]
    .sort(([a], [b]) => a - b)
    .map(([layer, list]) => [layer, [...list.values()].sort(byPlace)] as const);
  return { directories, bodies: new Map(bodies), symlinks, specials, bytes };
}

/** True when another path of the same body came before. */
function share(byLayer: Map<number, Map<number, PlannedBody>>, file: TreeFile): boolean {
  const bodies = byLayer.get(file.layer) ?? new Map<number, PlannedBody>();
  byLayer.set(file.layer, bodies);
  const body = bodies.get(file.index);
  if (body) body.paths.push(file.path);
  else bodies.set(file.index, { file, paths: [file.path] });
  return body !== undefined;
}

function byPlace(a: PlannedBody, b: PlannedBody): number {
  return a.file.entry.bodyOffset - b.file.entry.bodyOffset;
}

/** A tree lists what is in a directory right behind it, so the directories on the way to a path are those before it. */
function* selected(view: TreeView, globs: readonly string[]): Generator<TreeFile> {
  const matches = compileGlobs(globs.map(withoutSlashes).filter((glob) => glob !== ''));
  const isAll = globs.some((glob) => withoutSlashes(glob) === '');
  const way: { file: TreeFile; prefix: string; isGiven: boolean; isWhole: boolean }[] = [];
  for (const file of view.files()) {
    const { path } = file;
    while (way.length > 0 && !path.startsWith((way.at(-1) as { prefix: string }).prefix)) way.pop();
    const isWanted = isAll || way.at(-1)?.isWhole === true || matches(path);
    if (isWanted) {
      for (const step of way) {
        if (!step.isGiven) yield step.file;
        step.isGiven = true;
      }
      yield file;
    }
    if (file.kind === 'directory') way.push({ file, prefix: `${path}/`, isGiven: isWanted, isWhole: isWanted });
  }
}

function withoutSlashes(glob: string): string {
  return glob.replace(/^(?:\.?\/)+|\/+$/g, '').replace(/^\.$/, '');
}
