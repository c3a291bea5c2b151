import type { LayerTree, SiblingOrder } from '../layers/image-tree.ts';
import type { InspectedImage } from '../layers/inspect.ts';
import { resolvePath } from '../layers/resolve-path.ts';
import type { ImageReport } from '../report/image-report.ts';
import type { Pattern } from './pattern.ts';
import { ALL_OPEN, keptPaths, type Open, orderBySize, type Rows, type Shown, type Sort, treeRows } from './rows.ts';

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

/** Trees that are kept at least, and at most, in bytes: some thirty for each path of the image. */
const TREES = 6;
const TREE_BYTES = 128 * 1024 * 1024;
const BYTES_OF_A_PATH = 30;
/** Paths that are held to a pattern at a time. */
const SLICE = 2000;

/** By node: what names and whole paths are, the names without repeats. */
interface Names {
  readonly distinct: readonly string[];
  readonly ids: Int32Array;
  readonly parents: Int32Array;
  readonly paths: readonly string[];
}

/** An image as the browser sees it. What takes time to compute is kept while it is looked at. */
export class BrowsedImage {
  readonly report: ImageReport;
  readonly #tree: InspectedImage['tree'];
  readonly #trees = new Map<string, LayerTree>();
  readonly #kept = new Latest<Uint8Array>();
  readonly #orders = new Latest<SiblingOrder>();
  readonly #rows = new Latest<Rows>();
  readonly #whole = new Latest<Rows>();
  readonly #matches = new Latest<Uint8Array>();
  #names: Names | undefined;

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
    const most = Math.max(TREES, Math.floor(TREE_BYTES / (BYTES_OF_A_PATH * tree.size)));
    for (const oldest of this.#trees.keys()) if (this.#trees.size > most) this.#trees.delete(oldest);
    return tree;
  }

  /** Makes beforehand a tree that is likely to be asked for, of the nearest layer that has none; false where all have. */
  prepareTree(layer: number, sinceOf: (layer: number) => number): boolean {
    const most = Math.floor(TREE_BYTES / (BYTES_OF_A_PATH * this.tree(layer, sinceOf(layer)).size));
    for (let away = 1; away < Math.max(2, Math.min(this.layerCount, most >> 1)); away++) {
      for (const next of [layer - away, layer + away]) {
        const since = sinceOf(next);
        if (next < 1 || next > this.layerCount || this.#trees.has(`${next} ${since}`)) continue;
        this.tree(next, since);
        return true;
      }
    }
    return false;
  }

  /** Bytes of a path as they are listed: where only changes are, of these. */
  bytes(selection: Selection, node: number): number {
    return this.#bytes(selection)[node] as number;
  }

  rows(selection: Selection): Rows {
    const { layer, since, shown, filter, sort, open } = selection;
    return this.#rows.get([layer, since, shown, filter, sort, open], () =>
      treeRows(this.#order(selection), this.#keptOf(selection), open),
    );
  }

  hasChildren(selection: Selection, node: number): boolean {
    return this.firstChild(selection, node) !== undefined;
  }

  firstChild(selection: Selection, node: number): number | undefined {
    const { starts, nodes } = this.#order(selection);
    const kept = this.#keptOf(selection);
    const end = starts[node + 1] as number;
    for (let at = starts[node] as number; at < end; at++) if (kept[nodes[at] as number] === 1) return nodes[at];
    return undefined;
  }

  /** The next path, down or up from `node`, that a pattern matches, in closed directories, too; undefined for none. */
  find(selection: Selection, pattern: Pattern, node: number, step: 1 | -1): number | undefined {
    const { layer, since, shown, filter, sort } = selection;
    const { nodes } = this.#whole.get([layer, since, shown, filter, sort], () =>
      treeRows(this.#order(selection), this.#keptOf(selection), ALL_OPEN),
    );
    const matches = this.#matchesOf(pattern);
    const count = nodes.length;
    const start = nodes.indexOf(node);
    for (let i = 1; i <= count; i++) {
      const at = nodes[(start + step * i + 2 * count) % count] as number;
      if (matches[at] === 1) return at;
    }
    return undefined;
  }

  /** What a symbolic link leads to after a layer. */
  follow(layer: number, path: string): number | undefined {
    const found = resolvePath(this.#tree.upTo(layer), path);
    return found.file && this.tree(layer, layer).locate(found.file.path);
  }

  /** Does beforehand what the first search would have to wait for. */
  prepareSearch(): void {
    this.#names ??= namesOf(this.tree(this.layerCount, this.layerCount));
  }

  /** Holds all paths to a pattern, in slices, so that what lists them need not wait. */
  *matching(pattern: Pattern): Generator<void> {
    this.prepareSearch();
    if (this.#matches.knows([pattern])) return;
    const matches = yield* matchesOf(this.#names as Names, pattern);
    this.#matches.get([pattern], () => matches);
  }

  #bytes({ layer, since, shown }: Selection): Float64Array {
    const tree = this.tree(layer, since);
    return shown.unmodified ? tree.bytes : tree.changedBytes;
  }

  #order(selection: Selection): SiblingOrder {
    const { layer, since, shown, filter, sort } = selection;
    const { order } = this.tree(layer, since);
    if (sort === 'name') return order;
    return this.#orders.get([layer, since, shown, filter], () =>
      orderBySize(order, this.#bytes(selection), this.#keptOf(selection)),
    );
  }

  #keptOf({ layer, since, shown, filter }: Selection): Uint8Array {
    return this.#kept.get([layer, since, shown, filter], () =>
      keptPaths(this.tree(layer, since), shown, filter && this.#matchesOf(filter)),
    );
  }

  /** By node, of all layers. */
  #matchesOf(pattern: Pattern): Uint8Array {
    return this.#matches.get([pattern], () => {
      this.prepareSearch();
      const all = matchesOf(this.#names as Names, pattern);
      for (;;) {
        const { done, value } = all.next();
        if (done) return value;
      }
    });
  }
}

function namesOf(tree: LayerTree): Names {
  const distinct: string[] = [];
  const known = new Map<string, number>();
  const ids = new Int32Array(tree.size);
  const parents = new Int32Array(tree.size);
  const paths = [''];
  for (let node = 1; node < tree.size; node++) {
    const name = tree.name(node);
    const id = known.get(name) ?? distinct.push(name) - 1;
    known.set(name, id);
    ids[node] = id;
    parents[node] = tree.parent(node);
    paths.push(`${paths[parents[node] as number]}/${name}`);
  }
  return { distinct, ids, parents, paths };
}

/** By node. A node's number is greater than its parent's. */
function* matchesOf({ distinct, ids, parents, paths }: Names, pattern: Pattern): Generator<void, Uint8Array> {
  const matches = new Uint8Array(paths.length);
  if (!pattern.matchesName) {
    for (let node = 1; node < paths.length; node++) {
      matches[node] = pattern.matches(paths[node] as string) ? 1 : 0;
      if (node % SLICE === 0) yield;
    }
    return matches;
  }
  const named = new Uint8Array(distinct.length);
  for (let id = 0; id < distinct.length; id++) {
    named[id] = pattern.matchesName(distinct[id] as string) ? 1 : 0;
    if (id % SLICE === 0) yield;
  }
  for (let node = 1; node < paths.length; node++) {
    const isBelow = matches[parents[node] as number] === 1;
    matches[node] = isBelow ? 1 : (named[ids[node] as number] as number);
  }
  return matches;
}

/** Answers to the last questions: a question is the same when all of its parts are. */
class Latest<T> {
  #known: { readonly question: readonly unknown[]; readonly answer: T }[] = [];

  knows(question: readonly unknown[]): boolean {
    return this.#find(question) !== undefined;
  }

  get(question: readonly unknown[], answer: () => T): T {
    const known = this.#find(question);
    if (known) return known.answer;
    const found = answer();
    this.#known = [{ question, answer: found }, ...this.#known].slice(0, 2);
    return found;
  }

  #find(question: readonly unknown[]): { readonly answer: T } | undefined {
    return this.#known.find((one) => one.question.every((part, i) => part === question[i]));
  }
}
