import type { Key } from './keys.ts';
import { CHANGES_ONLY, EVERYTHING, type State } from './state.ts';

const KINDS = { a: 'added', m: 'modified', r: 'removed', u: 'unmodified' } as const;

/** The state after a key that changes what is listed, wherever the keyboard is; undefined for other keys. */
export function toggled(state: State, key: Key): State | undefined {
  if (key in KINDS) {
    const kind = KINDS[key as keyof typeof KINDS];
    const shown = { ...state.shown, [kind]: !state.shown[kind] };
    return { ...state, shown, message: `${kind} paths are ${shown[kind] ? 'shown' : 'hidden'}` };
  }
  switch (key) {
    case 'c': {
      const isAll = Object.values(state.shown).every((value) => value);
      return {
        ...state,
        shown: isAll ? CHANGES_ONLY : EVERYTHING,
        message: isAll ? 'what was changed, and nothing else' : 'all paths',
      };
    }
    case 't': {
      const isAggregated = !state.isAggregated;
      const whose = isAggregated ? 'all layers above the base, or the lowest' : 'the selected layer';
      return { ...state, isAggregated, message: `changes are those of ${whose}` };
    }
    case 's': {
      const sort = state.sort === 'name' ? 'size' : 'name';
      return { ...state, sort, message: sort === 'size' ? 'the largest first' : 'by name' };
    }
    default:
      return undefined;
  }
}
