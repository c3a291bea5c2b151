import type { LayerTree, ShownPath } from '../layers/image-tree.ts';
import { permissions, printable } from '../report/inspect-name.ts';
import { byteSize, counted } from '../report/units.ts';
import type { BrowsedImage } from './browsed-image.ts';
import { fitRight, fitText, type Line, type Look, type Span, span } from './cells.ts';
import { lookOf } from './details.ts';
import { isOpen, type Rows } from './rows.ts';
import { openName, type State, selectionOf, sinceOf } from './state.ts';

const SIGNS: Readonly<Record<string, string>> = { added: '+', modified: '~', removed: '-' };
const SIZE = 9;
const OWNER = 9;
/** Deeper paths are drawn no further to the right. */
const MOST_INDENT = 24;

export function treeTitle(state: State, rows: Rows): string {
  const since = sinceOf(state);
  const which = since === state.layer ? `layer ${state.layer}` : `layers ${since} to ${state.layer}`;
  const isChanges = !state.shown.unmodified;
  const hidden = (['added', 'modified', 'removed'] as const).filter((kind) => !state.shown[kind]);
  return [
    isChanges
      ? `Changes of ${which}`
      : `Files after layer ${state.layer}${since === state.layer ? '' : `, changes of ${which}`}`,
    counted(rows.nodes.length, 'line'),
    ...(state.sort === 'size' ? ['by size'] : []),
    ...(hidden.length > 0 ? [`without ${hidden.join(', ')}`] : []),
    ...(state.filter ? [`filter ${printable(state.filter.text)}`] : []),
  ].join(' · ');
}

/** Line `index` of the tree. */
export function treeLine(state: State, image: BrowsedImage, rows: Rows, index: number, width: number): Line {
  const selection = selectionOf(state);
  const tree = image.tree(selection.layer, selection.since);
  const node = rows.nodes[index] as number;
  const path = tree.shown(node);
  const change = tree.change(node);
  const looks = lookOf(change);
  const isSized = path.kind === 'file' || path.kind === 'directory';
  const size = isSized ? byteSize(image.bytes(selection, node)) : '';
  return [
    signOf(tree, node, change, looks),
    ...(width >= 44 ? [span(`${permissions(path.kind, path.mode)} `, 'dim')] : []),
    ...(width >= 60 ? [span(`${fitText(`${path.uid}:${path.gid}`, OWNER)} `, 'dim')] : []),
    ...(width >= 30 ? [span(`${fitRight(size, SIZE)} `)] : []),
    span(indent(rows.depths[index] as number, width), 'dim'),
    ...nameOf(state, image, node, path, looks),
  ];
}

/** What the layer did to the path; a dot where it did something further down. */
function signOf(tree: LayerTree, node: number, change: string | undefined, looks: Look[]): Span {
  if (change !== undefined) return span(`${SIGNS[change]} `, ...looks);
  return (tree.changesBelow[node] as number) > 0 ? span('· ', 'yellow') : span('  ');
}

function indent(depth: number, width: number): string {
  const most = Math.min(MOST_INDENT, Math.max(1, Math.floor(width / 6)));
  return depth <= most ? '  '.repeat(depth) : `${'  '.repeat(most - 1)}${String(depth).padStart(2)}`.slice(-2 * most);
}

function nameOf(state: State, image: BrowsedImage, node: number, path: ShownPath, looks: Look[]): Span[] {
  const selection = selectionOf(state);
  const tree = image.tree(selection.layer, selection.since);
  const name = printable(tree.name(node));
  const isMatch = state.search?.matches(`/${tree.path(node)}`) === true;
  const own: Look[] = [...looks, ...(isMatch ? (['underline'] as const) : [])];
  if (path.kind === 'directory' || image.hasChildren(selection, node)) {
    const marker = !image.hasChildren(selection, node) ? '  ' : isOpen(state.open[openName(state)], node) ? '▾ ' : '▸ ';
    return [span(marker, 'dim'), span(`${name}/`, 'bold', ...own)];
  }
  if (path.kind === 'symlink') return [span('  '), span(name, ...own), span(` -> ${printable(path.link)}`, 'dim')];
  return [span('  '), span(name, ...own), ...(path.kind === 'file' ? [] : [span(` (${path.kind})`, 'dim')])];
}
