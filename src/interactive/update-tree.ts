import { printable } from '../report/inspect-name.ts';
import type { BrowsedImage } from './browsed-image.ts';
import type { Key } from './keys.ts';
import { bodyHeight, HEADS, layoutOf } from './layout.ts';
import { openPager } from './pager.ts';
import type { Pattern } from './pattern.ts';
import { ALL_CLOSED, ALL_OPEN, isOpen, withOpen } from './rows.ts';
import { openName, type State, selectionOf } from './state.ts';
import { withInstruction } from './update-layers.ts';

/** Where a key moves to in a list, by arrows, pages or to an end; undefined for other keys. May be out of bounds. */
export function moveTo(key: Key, index: number, page: number, last: number): number | undefined {
  const step = Math.max(1, page - 1);
  const half = Math.max(1, page >> 1);
  const moves: Readonly<Record<Key, number>> = {
    up: index - 1,
    k: index - 1,
    down: index + 1,
    j: index + 1,
    pageup: index - step,
    'ctrl-b': index - step,
    pagedown: index + step,
    'ctrl-f': index + step,
    'ctrl-u': index - half,
    'ctrl-d': index + half,
    home: 0,
    g: 0,
    end: last,
    G: last,
  };
  return moves[key];
}

/** The state after a key in the tree. */
export function updateTree(state: State, image: BrowsedImage, key: Key): State {
  const { nodes } = image.rows(selectionOf(state));
  const index = Math.max(0, nodes.indexOf(state.node));
  const page = bodyHeight(layoutOf(state).tree, HEADS.tree);
  const target = moveTo(key, index, page, nodes.length - 1);
  if (target !== undefined) {
    return { ...state, node: nodes[Math.max(0, Math.min(target, nodes.length - 1))] ?? 0, detailsTop: 0 };
  }
  if (nodes.length === 0) return state;
  switch (key) {
    case 'right':
    case 'l':
      return entered(state, image);
    case 'left':
    case 'h':
      return left(state, image);
    case ' ':
      return switched(state, image);
    case 'enter':
      return used(state, image);
    case 'v':
      return viewed(state, image);
    case 'e':
      return allSwitched(state);
    case 'i':
      return atInstruction(state, image);
    default:
      return state;
  }
}

/** The next path that the search, or else the filter, matches. */
export function searchOn(state: State, image: BrowsedImage, step: 1 | -1): State {
  const pattern = state.search ?? state.filter;
  if (!pattern) return { ...state, message: 'nothing was searched for: f' };
  return found(state, image, pattern, step);
}

export function found(state: State, image: BrowsedImage, pattern: Pattern, step: 1 | -1): State {
  const node = image.find(selectionOf(state), pattern, state.node, step);
  if (node === undefined) return { ...state, message: `nothing matches ${printable(pattern.text)}` };
  return revealed({ ...state, pane: 'tree', lower: 'tree' }, image, node);
}

/** A path is selected, and the directories that lead to it are open. */
function revealed(state: State, image: BrowsedImage, node: number): State {
  const { layer, since } = selectionOf(state);
  const tree = image.tree(layer, since);
  const parents: number[] = [];
  for (let at = tree.parent(node); at > 0; at = tree.parent(at)) parents.push(at);
  const name = openName(state);
  return { ...state, node, open: { ...state.open, [name]: withOpen(state.open[name], parents, true) } };
}

function setOpen(state: State, value: boolean): State {
  const name = openName(state);
  return { ...state, open: { ...state.open, [name]: withOpen(state.open[name], [state.node], value) } };
}

function isOpened(state: State): boolean {
  return isOpen(state.open[openName(state)], state.node);
}

/** Opens a directory; goes into an open one. */
function entered(state: State, image: BrowsedImage): State {
  const selection = selectionOf(state);
  if (!image.hasChildren(selection, state.node)) return state;
  if (!isOpened(state)) return setOpen(state, true);
  return { ...state, node: image.firstChild(selection, state.node) ?? state.node };
}

/** Closes a directory; goes out of a closed one, at the top to the layers. */
function left(state: State, image: BrowsedImage): State {
  const selection = selectionOf(state);
  if (isOpened(state) && image.hasChildren(selection, state.node)) return setOpen(state, false);
  const parent = image.tree(selection.layer, selection.since).parent(state.node);
  return parent > 0 ? { ...state, node: parent } : { ...state, pane: 'layers' };
}

function switched(state: State, image: BrowsedImage): State {
  return image.hasChildren(selectionOf(state), state.node) ? setOpen(state, !isOpened(state)) : state;
}

function allSwitched(state: State): State {
  const name = openName(state);
  const open = state.open[name].isAll ? ALL_CLOSED : ALL_OPEN;
  return { ...state, open: { ...state.open, [name]: open } };
}

/** What Enter does: opens a directory, shows a file, follows a link. */
function used(state: State, image: BrowsedImage): State {
  const { layer, since } = selectionOf(state);
  const { kind } = image.tree(layer, since).shown(state.node);
  if (image.hasChildren(selectionOf(state), state.node)) return switched(state, image);
  return kind === 'symlink' ? followed(state, image) : viewed(state, image);
}

function followed(state: State, image: BrowsedImage): State {
  const { layer, since } = selectionOf(state);
  const tree = image.tree(layer, since);
  const node = tree.change(state.node) === 'removed' ? undefined : image.follow(layer, tree.path(state.node));
  if (node === undefined || node <= 0) return { ...state, message: 'the link leads nowhere in this image' };
  const whole = revealed(state, image, node);
  const isListed = image.rows(selectionOf(whole)).nodes.includes(node);
  return isListed ? whole : { ...state, message: `/${printable(tree.path(node))} is not listed now` };
}

/** Wishes for the bytes of a file; of one that was removed, of what it was. */
function viewed(state: State, image: BrowsedImage): State {
  const { layer, since } = selectionOf(state);
  const tree = image.tree(layer, since);
  const { kind, size, bodyOffset, layer: stored } = tree.shown(state.node);
  if (kind !== 'file') return { ...state, message: `a ${kind} has no bytes to show` };
  const path = tree.path(state.node);
  return {
    ...state,
    pager: openPager(printable(path), 'reading …'),
    wish: { to: 'read', layer: stored, path, bodyOffset, size },
  };
}

/** To the layer that stores the path, and its instruction. */
function atInstruction(state: State, image: BrowsedImage): State {
  const { layer, since } = selectionOf(state);
  const { layer: stored } = image.tree(layer, since).shown(state.node);
  if (stored < 1) return state;
  return withInstruction({ ...state, layer: stored, pane: 'layers' });
}
