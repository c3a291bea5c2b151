import { layerPage } from './instruction-page.ts';
import type { Key } from './keys.ts';
import { bodyHeight, HEADS, layoutOf } from './layout.ts';
import { openPager } from './pager.ts';
import { layerCount, layerOf, type State } from './state.ts';
import { moveTo } from './update-tree.ts';

/** The state after a key in the list of layers. */
export function updateLayers(state: State, key: Key): State {
  const page = bodyHeight(layoutOf(state).layers, HEADS.layers);
  const index = moveTo(key, state.layer - 1, page, layerCount(state) - 1);
  if (index !== undefined) return { ...state, layer: index + 1, detailsTop: 0 };
  if (!state.image) return state;
  switch (key) {
    case 'right':
    case 'l':
    case 'enter':
      return { ...state, pane: 'tree', lower: 'tree' };
    case 'i':
    case ' ':
    case 'v':
      return withInstruction(state);
    default:
      return state;
  }
}

/** Shows all of the selected layer's instruction. */
export function withInstruction(state: State): State {
  const layer = layerOf(state);
  if (!layer) return state;
  return {
    ...state,
    pager: openPager(`layer ${layer.index}`, 'the instruction that made it', {
      lines: layerPage(layer, state.size.columns),
    }),
  };
}
