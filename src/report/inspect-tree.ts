import type { ImageReport, OutlineNode } from './image-report.ts';
import { printable } from './inspect-name.ts';
import { chosenOutline, type OutlineChoice } from './outline-selection.ts';
import { type Paint, type Painter, painter, type Style } from './style.ts';
import { byteSize, count, counted } from './units.ts';

export interface TreeOptions {
  /** Levels below the root that are shown; without it all that can be read. */
  readonly depth?: number;
  /** Order in a directory; `size`: the largest first. Default `name`, by bytes. */
  readonly sort?: 'name' | 'size';
  /** Only these paths. */
  readonly choice?: OutlineChoice;
}

const MARKS: Readonly<Record<string, readonly [mark: string, paint: Paint]>> = {
  added: ['+', 'green'],
  modified: ['~', 'yellow'],
  removed: ['-', 'red'],
};
const SIZE_WIDTH = 8;
/** Lines of deeper paths would be drawing more than names. */
const MAX_DEPTH = 256;

/** The final file system, or the paths that the selected layer changed, each with its size. */
export function* renderInspectTree(report: ImageReport, style: Style, options: TreeOptions = {}): Generator<string> {
  const paint = painter(style.color);
  const whole = report.outline();
  const root = options.choice ? chosenOutline(whole, options.choice) : whole;
  const isMarked = report.selected !== null;
  // A body of many names has its size at each of them.
  const linked = whole.bytes > report.liveBytes ? ', each hard link counted' : '';
  const what = isMarked ? `changed by layer ${report.selected}` : `the final file system${linked}`;
  const part = options.choice ? `of ${count(whole.files)}, ` : '';
  const title = `${counted(root.files, 'file')}, ${part}${what}`;
  yield `${isMarked ? '  ' : ''}${byteSize(root.bytes).padStart(SIZE_WIDTH)}  /  ${paint(title, 'dim')}\n`;
  yield* renderChildren(root, paint, isMarked, options);
  if (isMarked) yield `\n${paint('+ added  ~ modified  - removed', 'dim')}\n`;
}

interface Level {
  readonly prefix: string;
  readonly nodes: readonly OutlineNode[];
  next: number;
}

/** Depth first with a stack of its own: paths may be nested deeper than calls. */
function* renderChildren(
  root: OutlineNode,
  paint: Painter,
  isMarked: boolean,
  { depth = MAX_DEPTH, sort = 'name' }: TreeOptions,
): Generator<string> {
  const nodesOf = (node: OutlineNode): OutlineNode[] => {
    const nodes = [...node.children()];
    return sort === 'size' ? nodes.sort((a, b) => b.bytes - a.bytes) : nodes;
  };
  const levels: Level[] = depth > 0 ? [{ prefix: '', nodes: nodesOf(root), next: 0 }] : [];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const node = level.nodes[level.next++];
    if (!node) {
      levels.pop();
      continue;
    }
    const isLast = level.next === level.nodes.length;
    const branch = paint(`${level.prefix}${isLast ? '└── ' : '├── '}`, 'dim');
    yield `${mark(node, paint, isMarked)}${size(node)}  ${branch}${label(node, paint)}\n`;
    if (node.kind !== 'directory') continue;
    const prefix = `${level.prefix}${isLast ? '    ' : '│   '}`;
    if (levels.length < depth) levels.push({ prefix, nodes: nodesOf(node), next: 0 });
  }
}

function mark(node: OutlineNode, paint: Painter, isMarked: boolean): string {
  if (!isMarked) return '';
  const [sign, color] = MARKS[node.change ?? ''] ?? [' ', 'dim'];
  return `${paint(sign, color)} `;
}

function size(node: OutlineNode): string {
  const isSized = node.kind === 'file' || node.kind === 'directory';
  return (isSized ? byteSize(node.bytes) : '').padStart(SIZE_WIDTH);
}

function label(node: OutlineNode, paint: Painter): string {
  const name = printable(node.name);
  const [, color] = MARKS[node.change ?? ''] ?? [];
  const painted = color ? paint(name, color) : node.kind === 'directory' ? paint(name, 'bold') : name;
  if (node.kind === 'directory') return `${painted}/`;
  if (node.kind === 'symlink') return `${painted} -> ${printable(node.link ?? '')}`;
  return node.kind === 'file' ? painted : `${painted} ${paint(`(${node.kind})`, 'dim')}`;
}
