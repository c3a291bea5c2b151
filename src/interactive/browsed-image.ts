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

/** Trees that are kept: some twenty bytes for each path of the image. */
const TREES = 6;

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
    this.#paths ??= allPaths(this.tree(this.layerCount, this.layerCount));
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
      const paths = this.#paths as string[];
      const matches = new Uint8Array(paths.length);
      for (let node = 1; node < paths.length; node++) matches[node] = pattern.matches(paths[node] as string) ? 1 : 0;
      return matches;
    });
  }
}

function allPaths(tree: LayerTree): string[] {
  const paths = [''];
  for (let node = 1; node < tree.size; node++) paths.push(`${paths[tree.parent(node)]}/${tree.name(node)}`);
  return paths;
}

/** Answers to the last questions: a question is the same when all of its parts are. */
class Latest<T> {
  #known: { readonly question: readonly unknown[]; readonly answer: T }[] = [];

  get(question: readonly unknown[], answer: () => T): T {
    const known = this.#known.find((one) => one.question.every((part, i) => part === question[i]));
    if (known) return known.answer;
    const found = answer();
    this.#known = [{ question, answer: found }, ...this.#known].slice(0, 2);
    return found;
  }
}
