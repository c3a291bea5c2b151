import type { DeadFile, ImageReport, LayerReport, PathChange } from '../image-report.ts';
import { scriptJson } from './markup.ts';

/**
 * What the page's script reads: columns instead of objects, in blocks of some hundred rows. Paths are coded by what
 * they share with the row before in the same block, times by their difference from it; what few rows have of their own
 * (kind, mode, owner, …) is said once, in `states` and `ends`, to which the rows point.
 */
export interface PageData {
  readonly layerCount: number;
  /** `--layer N`, else null. */
  readonly selected: number | null;
  readonly liveBytes: number;
  readonly layers: readonly PageLayer[];
  readonly changes: readonly ChangeBlock[];
  /** Changes that are left out, because a page can only hold so many. */
  readonly omitted: number;
  readonly dead: readonly DeadBlock[];
  readonly states: readonly StateRow[];
  readonly ends: readonly EndRow[];
}

export type PageLayer = Omit<LayerReport, 'changes' | 'entries'>;

interface PathColumns {
  readonly layer: number;
  /** How many leading components the path shares with the one before; 0 for the first of a block. */
  readonly shared: readonly number[];
  /** The components after those. */
  readonly rest: readonly string[];
  readonly size: readonly number[];
  /** Index in `states` or `ends`. */
  readonly state: readonly number[];
}

export interface ChangeBlock extends PathColumns {
  readonly time: readonly number[];
  /** By row, for symlinks and moved files. */
  readonly link?: Readonly<Record<number, string>>;
  readonly movedFrom?: Readonly<Record<number, string>>;
}

export type DeadBlock = PathColumns;

export type StateRow = readonly [
  change: PathChange['change'],
  kind: string,
  mode: number,
  uid: number,
  gid: number,
  fromLayer: number,
  reasons: string,
];

export type EndRow = readonly [killedBy: number, cause: DeadFile['cause']];

const ROWS_IN_BLOCK = 500;
export interface PageBounds {
  readonly rows: number;
  /** Characters of all rows. */
  readonly text: number;
}

/** More than any image that was met has; a browser still opens the page. */
const BOUNDS: PageBounds = { rows: 1_000_000, text: 200_000_000 };

/** The text of a `PageData`, as it is read from the report: no more than a block of it is held at a time. */
export function* renderPageData(report: ImageReport, bounds = BOUNDS): Generator<string> {
  const { layerCount, selected, liveBytes, layers } = report;
  const head = { layerCount, selected, liveBytes, layers: layers.map(pageLayer) };
  yield `${scriptJson(head).slice(0, -1)},\n"changes":[`;
  const states = new Index();
  let rows = 0;
  let text = 0;
  let omitted = 0;
  let separator = '\n';
  for (const layer of layers) {
    let block = new Block(layer.index);
    for (const change of layer.changes()) {
      if (rows === bounds.rows || text > bounds.text) {
        omitted++;
        continue;
      }
      rows++;
      block.addChange(change, states.of(stateRow(change)));
      if (block.length < ROWS_IN_BLOCK) continue;
      const piece = block.text();
      text += piece.length;
      yield separator + piece;
      separator = ',\n';
      block = new Block(layer.index);
    }
    if (block.length === 0) continue;
    const piece = block.text();
    text += piece.length;
    yield separator + piece;
    separator = ',\n';
  }
  yield `],\n"omitted":${omitted},\n"dead":[`;
  const ends = new Index();
  yield* renderDead(report.dead(), ends, bounds);
  yield `],\n"states":${states.text()},\n"ends":${ends.text()}}`;
}

function* renderDead(dead: Iterable<DeadFile>, ends: Index, bounds: PageBounds): Generator<string> {
  let separator = '\n';
  let block: Block | undefined;
  let rows = 0;
  let text = 0;
  for (const body of dead) {
    if (body.size === 0) continue;
    if (++rows > bounds.rows || text > bounds.text) break;
    if (block && (block.layer !== body.layer || block.length === ROWS_IN_BLOCK)) {
      const piece = block.text();
      text += piece.length;
      yield separator + piece;
      separator = ',\n';
      block = undefined;
    }
    block ??= new Block(body.layer);
    block.add(body.path, body.size, ends.of([body.killedBy, body.cause]));
  }
  if (block) yield separator + block.text();
}

function pageLayer({ changes: _, entries: __, ...facts }: LayerReport): PageLayer {
  return facts;
}

function stateRow({ change, kind, mode, uid, gid, fromLayer, reasons }: PathChange): StateRow {
  return [change, kind, mode, uid, gid, fromLayer ?? 0, reasons.join(', ')];
}

/** Rows that are said once, in the order in which they were met. */
class Index {
  readonly #numbers = new Map<string, number>();

  of(row: StateRow | EndRow): number {
    const key = scriptJson(row);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  text(): string {
    return `[${[...this.#numbers.keys()].join(',\n')}]`;
  }
}

class Block {
  readonly layer: number;
  readonly #shared: number[] = [];
  readonly #rest: string[] = [];
  readonly #size: number[] = [];
  readonly #state: number[] = [];
  readonly #time: number[] = [];
  readonly #link: Record<number, string> = {};
  readonly #movedFrom: Record<number, string> = {};
  #components: string[] = [];
  #lastTime = 0;

  constructor(layer: number) {
    this.layer = layer;
  }

  get length(): number {
    return this.#rest.length;
  }

  add(path: string, size: number, state: number): void {
    const components = path.split('/');
    const shared = sharedComponents(this.#components, components);
    this.#shared.push(shared);
    this.#rest.push(components.slice(shared).join('/'));
    this.#size.push(size);
    this.#state.push(state);
    this.#components = components;
  }

  addChange({ path, size, mtime, link, movedFrom }: PathChange, state: number): void {
    const row = this.length;
    this.add(path, size, state);
    // Whole seconds: differences of fractions do not add up.
    const time = Number.isSafeInteger(Math.floor(mtime)) ? Math.floor(mtime) : 0;
    this.#time.push(time - this.#lastTime);
    this.#lastTime = time;
    if (link !== undefined) this.#link[row] = link;
    if (movedFrom !== undefined) this.#movedFrom[row] = movedFrom;
  }

  text(): string {
    const columns = {
      layer: this.layer,
      shared: this.#shared,
      rest: this.#rest,
      size: this.#size,
      state: this.#state,
      ...(this.#time.length > 0 && { time: this.#time }),
      ...(Object.keys(this.#link).length > 0 && { link: this.#link }),
      ...(Object.keys(this.#movedFrom).length > 0 && { movedFrom: this.#movedFrom }),
    };
    return scriptJson(columns);
  }
}

/** The last component is never shared: something is left to say. */
function sharedComponents(before: readonly string[], path: readonly string[]): number {
  const most = Math.min(before.length, path.length - 1);
  let shared = 0;
  while (shared < most && before[shared] === path[shared]) shared++;
  return shared;
}
