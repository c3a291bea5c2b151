import { DlintError } from '../errors.ts';
import type { BrowsedImage } from './browsed-image.ts';
import { detailLines } from './details.ts';
import type { Key } from './keys.ts';
import { bodyHeight, HEADS, layoutOf, scrolled } from './layout.ts';
import { filePager } from './pager.ts';
import type { Pattern } from './pattern.ts';
import { imageOf, layerCount, type Prompt, type Reading, type Size, type State, selectionOf } from './state.ts';
import { updateLayers } from './update-layers.ts';
import { updatePager } from './update-pager.ts';
import { previewed, updatePrompt } from './update-prompt.ts';
import { moveTo, searchOn, updateTree } from './update-tree.ts';
import { toggled } from './update-view.ts';

/** What happens besides keys. */
export type Happening =
  | { readonly what: 'resized'; readonly size: Size }
  | { readonly what: 'progress'; readonly reading: Reading }
  | { readonly what: 'preview'; readonly image: BrowsedImage }
  | { readonly what: 'image'; readonly image: BrowsedImage }
  | { readonly what: 'file'; readonly path: string; readonly bytes: Uint8Array; readonly size: number }
  | { readonly what: 'failed'; readonly error: unknown }
  /** Nothing was typed for a moment. */
  | { readonly what: 'paused' };

/** The state after a key. A wish is for the caller to fulfil; it is gone with the next key. */
export function update(before: State, key: Key): State {
  const state: State = { ...before, wish: undefined, message: undefined };
  if (key === 'ctrl-c') return { ...state, wish: { to: 'quit', code: 130 } };
  if (key === 'ctrl-z') return { ...state, wish: { to: 'suspend' } };
  if (key === 'ctrl-l') return { ...state, wish: { to: 'redraw' } };
  if (state.isHelp) return { ...state, isHelp: false };
  if (state.pager) return updatePager(state, state.pager, key);
  if (state.prompt) return settled(updatePrompt(state, state.prompt, key));
  return settled(updateBrowser(state, key));
}

/** The state after something else than a key. */
export function happen(state: State, event: Happening): State {
  switch (event.what) {
    case 'resized':
      return settled({ ...state, size: event.size });
    case 'progress':
      return settled({ ...state, reading: event.reading });
    case 'preview':
      return state.whole ? state : settled({ ...state, preview: event.image });
    case 'image':
      return settled({ ...state, whole: event.image, preview: undefined });
    case 'file':
      return state.pager ? { ...state, pager: filePager(event.path, event.bytes, event.size) } : state;
    case 'paused':
      return settled(previewed(state));
    case 'failed': {
      const { error } = event;
      const message = error instanceof DlintError ? `${error.message}: ${error.where ?? ''}` : String(error);
      return { ...state, pager: undefined, message };
    }
  }
}

/** What dive's users press. */
const ALIASES: Readonly<Record<Key, Key>> = { 'ctrl-space': 'e', 'ctrl-a': 't', 'ctrl-o': 's' };

function updateBrowser(state: State, typed: Key): State {
  const key = ALIASES[typed] ?? typed;
  switch (key) {
    case 'q':
      return { ...state, wish: { to: 'quit', code: 0 } };
    case '?':
      return { ...state, isHelp: true };
    case 'tab':
      return focused(state, 1);
    case 'shift-tab':
      return focused(state, -1);
    case '[':
      return { ...state, layer: state.layer - 1 };
    case ']':
      return { ...state, layer: state.layer + 1 };
  }
  if (!state.image) return state.pane === 'layers' ? updateLayers(state, key) : state;
  const image = state.image;
  switch (key) {
    case '/':
      return { ...state, prompt: openedFilter(state.filter) };
    case 'f':
      return { ...state, prompt: { for: 'search', text: '', before: state.filter } };
    case 'n':
      return searchOn(state, image, 1);
    case 'N':
      return searchOn(state, image, -1);
    case 'escape':
      return { ...state, filter: undefined, search: undefined };
  }
  const changed = toggled(state, key);
  // Who stands at the top wants to see the top of what comes.
  const isAtTop = image.rows(selectionOf(state)).nodes[0] === state.node;
  if (changed) return isAtTop ? { ...changed, node: 0, treeTop: 0 } : changed;
  if (state.pane === 'layers') return updateLayers(state, key);
  return state.pane === 'tree' ? updateTree(state, image, key) : updateDetails(state, key);
}

/** The filter that holds can be changed. */
function openedFilter(filter: Pattern | undefined): Prompt {
  return { for: 'filter', text: filter?.text ?? '', before: filter, ...(filter && { pattern: filter }) };
}

/** The next pane gets the keyboard; of tree and details, where there is room for one, it is the one that is shown. */
function focused(state: State, step: 1 | -1): State {
  const order = ['layers', 'tree', 'details'] as const;
  const pane = order[(order.indexOf(state.pane) + step + order.length) % order.length] ?? 'layers';
  return { ...state, pane, lower: pane === 'layers' ? state.lower : pane };
}

function updateDetails(state: State, key: Key): State {
  const page = bodyHeight(layoutOf(state).details, HEADS.details);
  const top = moveTo(key, state.detailsTop, page, Number.MAX_SAFE_INTEGER);
  return top === undefined ? state : { ...state, detailsTop: top };
}

/** Everything within its bounds, and what is selected in sight. */
function settled(state: State): State {
  const layout = layoutOf(state);
  const count = layerCount(state);
  // Before the image is known, the layer asked for on the command line is kept.
  const layer = count === 0 ? state.layer : Math.max(1, Math.min(state.layer, count));
  const height = bodyHeight(layout.layers, HEADS.layers);
  const layersTop = scrolled(state.layersTop, layer - 1, height, count);
  const image = imageOf({ ...state, layer });
  const inBounds: State = { ...state, layer, layersTop, image };
  return image ? settledDetails(settledTree(inBounds, image)) : inBounds;
}

function settledTree(state: State, image: BrowsedImage): State {
  // Nothing is selected before the tree was gone to.
  if (state.pane === 'layers' && state.node === 0) return { ...state, treeTop: 0 };
  const selection = selectionOf(state);
  const tree = image.tree(selection.layer, selection.since);
  const { nodes } = image.rows(selection);
  let { node } = state;
  let index = nodes.indexOf(node);
  // What is not listed any more hands over to the directory it is in.
  while (index < 0 && node > 0) {
    node = tree.parent(node);
    index = nodes.indexOf(node);
  }
  index = Math.max(0, index);
  const height = bodyHeight(layoutOf(state).tree, HEADS.tree);
  // A tree that is not in sight keeps its place.
  const treeTop = height === 0 ? state.treeTop : scrolled(state.treeTop, index, height, nodes.length);
  return { ...state, node: nodes[index] ?? 0, treeTop };
}

function settledDetails(state: State): State {
  const area = layoutOf(state).details;
  if (!area) return state;
  const most = Math.max(0, detailLines(state, area.width).length - bodyHeight(area, HEADS.details));
  return { ...state, detailsTop: Math.max(0, Math.min(state.detailsTop, most)) };
}
