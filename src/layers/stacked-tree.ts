import { contentOf as summaryOf } from './content.ts';
import { type DeadSums, deadBodies, sumDead } from './dead-bodies.ts';
import { deadGroups } from './dead-groups.ts';
import { differences, needsBodies, placeOf } from './difference.ts';
import type { Entry } from './entry.ts';
import { changeOf, type Fold, type LayerFold } from './fold.ts';
import { ABSENT, IMPLIED, type State } from './history.ts';
import {
  type BodyPairs,
  CHANGES,
  type Change,
  type ContentOf,
  type LayerChanges,
  type StackedTree,
  type TreeFile,
  type TreeView,
} from './image-tree.ts';
import type { Inodes } from './inodes.ts';
import { Int32List } from './int32-list.ts';
import { layerTrees } from './layer-tree.ts';
import { nodesAfter } from './listing.ts';
import { liveOfOneSize } from './live-copies.ts';
import { moveCandidates } from './moves.ts';
import { once } from './once.ts';
import { outline, outlineOfChanges } from './outline.ts';

/** The image tree that a fold amounts to; sums, lists and views are read from it when they are asked for. */
export function stackedTree(fold: Fold): StackedTree {
  const sums = once(() => sumUp(fold));
  return withContents(fold, sums, (place) => fold.inodes.table(place.layer).digest(place.index));
}

interface Sums {
  readonly dead: DeadSums;
  readonly storedBytes: number;
  /** By layer. */
  readonly counts: readonly Counts[];
}

function sumUp(fold: Fold): Sums {
  const counted = new Int32Array(fold.inodes.count);
  return {
    dead: sumDead(fold),
    storedBytes: fold.layers.reduce((sum, layer) => sum + layer.storedBytes, 0),
    counts: fold.layers.map((layer, i) => countChanges(fold, i + 1, layer, counted)),
  };
}

function withContents(fold: Fold, sums: () => Sums, contentOf: ContentOf): StackedTree {
  const final = fold.layers.length;
  const layers = once(() => fold.layers.map((layer, i) => layerChanges(fold, i + 1, layer, sums(), contentOf)));
  return {
    names: fold.names,
    get storedBytes() {
      return sums().storedBytes;
    },
    get liveBytes() {
      return sums().storedBytes - sums().dead.total;
    },
    get deadBytes() {
      return sums().dead.total;
    },
    get layers() {
      return layers();
    },
    ...viewAfter(fold, final),
    upTo: (layer) => viewAfter(fold, Math.min(Math.max(0, layer), final)),
    undecided: () => undecided(fold, contentOf),
    withContents: (more) => withContents(fold, sums, (place) => contentOf(place) ?? more(place)),
    liveOfOneSize: (least) => liveOfOneSize(fold, least),
    moveCandidates: () => moveCandidates(fold),
    deadBodies: () => deadBodies(fold, contentOf),
    deadGroups: (examples, layer) => deadGroups(fold, contentOf, examples, layer),
    content: (limit) => summaryOf(fold, limit),
    outline: (changesOf) => (changesOf === undefined ? outline(fold) : outlineOfChanges(fold, changesOf)),
    layerTree: layerTrees(fold, contentOf),
  };
}

function layerChanges(
  fold: Fold,
  number: number,
  layer: LayerFold,
  { dead, counts }: Sums,
  contentOf: ContentOf,
): LayerChanges {
  return {
    layer: number,
    entries: layer.entries,
    storedBytes: layer.storedBytes,
    deadBytes: dead.stored[number] as number,
    deadBytesCaused: dead.caused[number] as number,
    killedBy: dead.killers[number] as ReadonlyMap<number, number>,
    problems: layer.problems,
    ...(counts[number - 1] as Counts),
    changes: () => changes(fold, layer, contentOf),
  };
}

type Counts = Pick<LayerChanges, 'added' | 'modified' | 'removed' | 'addedBytes' | 'modifiedBytes' | 'removedBytes'>;

/** `counted` says by inode which layer counted its bytes last: a body counts once a layer. */
function countChanges(fold: Fold, number: number, layer: LayerFold, counted: Int32Array): Counts {
  const { history, inodes } = fold;
  const changes = fold.changes();
  const counts = { added: 0, modified: 0, removed: 0 };
  const bytes = { added: 0, modified: 0, removed: 0 };
  for (let version = layer.firstVersion; version < layer.endVersion; version++) {
    const change = CHANGES[changes[version] as number];
    if (!change) continue;
    counts[change]++;
    const inode = change === 'removed' ? history.before(version) : history.state(version);
    if (inode < 0 || inodes.size(inode) === 0 || counted[inode] === number) continue;
    if (change !== 'removed' && inodes.layer(inode) !== number) continue;
    counted[inode] = number;
    bytes[change] += inodes.size(inode);
  }
  return { ...counts, addedBytes: bytes.added, modifiedBytes: bytes.modified, removedBytes: bytes.removed };
}

function* changes(fold: Fold, layer: LayerFold, contentOf: ContentOf): Generator<Change> {
  const { trie, history } = fold;
  const versions: number[] = [];
  for (let version = layer.firstVersion; version < layer.endVersion; version++) {
    if (changeOf(fold, version)) versions.push(version);
  }
  versions.sort((a, b) => trie.comparePaths(history.node(a), history.node(b)));
  for (const version of versions) yield describe(fold, version, changeOf(fold, version) as Change['change'], contentOf);
}

function describe(fold: Fold, version: number, change: Change['change'], contentOf: ContentOf): Change {
  const { trie, history, inodes } = fold;
  const before = history.before(version);
  const after = history.state(version);
  const entry = after === IMPLIED ? impliedDirectory('') : entryOf(inodes, after === ABSENT ? before : after);
  return {
    path: trie.path(history.node(version)),
    change,
    kind: entry.kind as Change['kind'],
    size: entry.size,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    mtime: entry.mtime,
    ...(entry.kind === 'symlink' && { link: entry.link }),
    ...(change !== 'added' && { fromLayer: inodes.layer(before) }),
    reasons: change === 'modified' ? reasonsOf(inodes, before, after, contentOf) : [],
  };
}

function reasonsOf(inodes: Inodes, before: number, after: number, contentOf: ContentOf): Change['reasons'] {
  return after === IMPLIED ? ['type'] : differences(inodes, before, after, contentOf);
}

function undecided({ history, inodes, layers }: Fold, contentOf: ContentOf): BodyPairs {
  const pairs = new Int32List();
  const end = layers[layers.length - 1]?.endVersion ?? 0;
  for (let version = layers[0]?.firstVersion ?? 0; version < end; version++) {
    const before = history.before(version);
    const after = history.state(version);
    if (before < 0 || after < 0 || !needsBodies(inodes, before, after)) continue;
    if (contentOf(placeOf(inodes, before)) !== undefined && contentOf(placeOf(inodes, after)) !== undefined) continue;
    pairs.push(inodes.layer(before));
    pairs.push(inodes.index(before));
    pairs.push(inodes.layer(after));
    pairs.push(inodes.index(after));
  }
  return pairs.view();
}

function viewAfter(fold: Fold, layer: number): TreeView {
  const { trie, history } = fold;
  return {
    get(path) {
      const node = trie.locate(path);
      return node > 0 && history.after(layer, node) !== ABSENT ? new FoldedFile(fold, layer, node) : undefined;
    },
    *files() {
      for (const node of nodesAfter(trie, history, layer)) yield new FoldedFile(fold, layer, node);
    },
  };
}

/** A path of a view. What it says is read when it is asked for: most are only asked what kind of thing they are. */
class FoldedFile implements TreeFile {
  readonly #fold: Fold;
  readonly #view: number;
  readonly #node: number;
  readonly #state: State;
  #entry: Entry | undefined;

  constructor(fold: Fold, view: number, node: number) {
    this.#fold = fold;
    this.#view = view;
    this.#node = node;
    this.#state = fold.history.after(view, node);
  }

  get path(): string {
    return this.#fold.trie.path(this.#node);
  }

  get kind(): TreeFile['kind'] {
    return this.#state === IMPLIED ? 'directory' : (this.#fold.inodes.kind(this.#state) as TreeFile['kind']);
  }

  get entry(): Entry {
    this.#entry ??= this.#state === IMPLIED ? impliedDirectory(this.path) : entryOf(this.#fold.inodes, this.#state);
    return this.#entry;
  }

  get layer(): number {
    const { history, inodes } = this.#fold;
    return this.#state === IMPLIED ? history.touched(this.#view, this.#node) : inodes.layer(this.#state);
  }

  get index(): number {
    return this.#state === IMPLIED ? -1 : this.#fold.inodes.index(this.#state);
  }

  get since(): number {
    return this.#fold.history.since(this.#view, this.#node);
  }
}

/** What unpackers make of a directory that no entry names. */
function impliedDirectory(path: string): Entry {
  return { path, kind: 'directory', size: 0, mode: 0o755, uid: 0, gid: 0, mtime: 0, link: '', bodyOffset: 0 };
}

function entryOf(inodes: Inodes, inode: number): Entry {
  return inodes.table(inodes.layer(inode)).at(inodes.index(inode));
}
