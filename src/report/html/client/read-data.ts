import type { DeadBlock, PageData } from '../page-data.ts';
import { PathTree } from './path-tree.ts';

/** The page's data as columns: a row is a number. */
export interface PageTables {
  readonly paths: PathTree;
  readonly changes: ChangeTable;
  readonly dead: DeadTable;
}

export interface ChangeTable {
  readonly length: number;
  /** Node of the path. */
  readonly node: Int32Array;
  readonly layer: Int32Array;
  /** Index in `PageData.states`. */
  readonly state: Int32Array;
  readonly size: Float64Array;
  /** Seconds. */
  readonly time: Float64Array;
  readonly link: ReadonlyMap<number, string>;
  readonly movedFrom: ReadonlyMap<number, string>;
}

export interface DeadTable {
  readonly length: number;
  readonly node: Int32Array;
  readonly layer: Int32Array;
  /** Index in `PageData.ends`. */
  readonly end: Int32Array;
  readonly size: Float64Array;
}

export function readTables(data: PageData): PageTables {
  const paths = new PathTree();
  return { paths, changes: readChanges(data, paths), dead: readDead(data, paths) };
}

function readChanges({ changes: blocks }: PageData, paths: PathTree): ChangeTable {
  const length = lengthOf(blocks);
  const table = {
    length,
    node: new Int32Array(length),
    layer: new Int32Array(length),
    state: new Int32Array(length),
    size: new Float64Array(length),
    time: new Float64Array(length),
    link: new Map<number, string>(),
    movedFrom: new Map<number, string>(),
  };
  let first = 0;
  for (const block of blocks) {
    readNodes(block, paths, table.node, first);
    table.layer.fill(block.layer, first, first + block.rest.length);
    table.state.set(block.state, first);
    table.size.set(block.size, first);
    let time = 0;
    for (const [i, difference] of block.time.entries()) {
      time += difference;
      table.time[first + i] = time;
    }
    for (const [row, target] of Object.entries(block.link ?? {})) table.link.set(first + Number(row), target);
    for (const [row, origin] of Object.entries(block.movedFrom ?? {})) table.movedFrom.set(first + Number(row), origin);
    first += block.rest.length;
  }
  return table;
}

function readDead({ dead: blocks }: PageData, paths: PathTree): DeadTable {
  const length = lengthOf(blocks);
  const table = {
    length,
    node: new Int32Array(length),
    layer: new Int32Array(length),
    end: new Int32Array(length),
    size: new Float64Array(length),
  };
  let first = 0;
  for (const block of blocks) {
    readNodes(block, paths, table.node, first);
    table.layer.fill(block.layer, first, first + block.rest.length);
    table.end.set(block.state, first);
    table.size.set(block.size, first);
    first += block.rest.length;
  }
  return table;
}

function lengthOf(blocks: readonly DeadBlock[]): number {
  return blocks.reduce((sum, { rest }) => sum + rest.length, 0);
}

function readNodes({ shared, rest }: DeadBlock, paths: PathTree, nodes: Int32Array, first: number): void {
  const trail: number[] = [0];
  for (const [i, text] of rest.entries()) {
    trail.length = (shared[i] as number) + 1;
    for (const name of text.split('/')) trail.push(paths.child(trail[trail.length - 1] as number, name));
    nodes[first + i] = trail[trail.length - 1] as number;
  }
}
