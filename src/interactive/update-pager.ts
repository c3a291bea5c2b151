import { plainText } from './cells.ts';
import type { Key } from './keys.ts';
import { lineCount, type Pager, pagerLine } from './pager.ts';
import type { State } from './state.ts';
import { moveTo } from './update-tree.ts';

/** Lines that are not the page: its title, and the keys. */
const FRAME = 2;
const STEP = 8;

/** The state after a key while a page is looked at. */
export function updatePager(state: State, pager: Pager, key: Key): State {
  if (pager.typed !== undefined) return { ...state, ...typing(state, pager, pager.typed, key) };
  const page = state.size.rows - FRAME;
  const last = Math.max(0, lineCount(pager) - page);
  const target = moveTo(key === ' ' ? 'pagedown' : key, pager.top, page, last);
  if (target !== undefined) return moved(state, pager, { top: Math.max(0, Math.min(target, last)) });
  switch (key) {
    case 'q':
    case 'escape':
    case 'i':
      return { ...state, pager: undefined, wish: { to: 'stop-reading' } };
    case '?':
      return { ...state, isHelp: true };
    case 'left':
    case 'h':
      return moved(state, pager, { left: Math.max(0, pager.left - STEP) });
    case 'right':
    case 'l':
      return moved(state, pager, { left: Math.min(pager.left + STEP, 4000) });
    case 'x':
      return pager.page?.bytes ? moved(state, pager, { isHex: !pager.isHex, top: 0, left: 0 }) : state;
    case '/':
    case 'f':
      return moved(state, pager, { typed: '' });
    case 'n':
      return { ...state, ...searched(state, pager, 1) };
    case 'N':
      return { ...state, ...searched(state, pager, -1) };
    default:
      return state;
  }
}

function moved(state: State, pager: Pager, change: Partial<Pager>): State {
  return { ...state, pager: { ...pager, ...change } };
}

type PagerChange = Pick<State, 'pager' | 'message'>;

function typing(state: State, pager: Pager, text: string, key: Key): PagerChange {
  const done = { pager: { ...pager, typed: undefined }, message: undefined };
  if (key === 'escape') return done;
  if (key === 'enter') return text === '' ? done : searched(state, { ...pager, typed: undefined, search: text }, 1);
  if (key === 'backspace') {
    return text === '' ? done : { ...done, pager: { ...pager, typed: [...text].slice(0, -1).join('') } };
  }
  return { ...done, pager: { ...pager, typed: [...key].length === 1 && text.length < 500 ? text + key : text } };
}

/** The next line with the text in it; letters of either case, unless one typed is a capital. */
function searched({ size }: State, pager: Pager, step: 1 | -1): PagerChange {
  const { search } = pager;
  if (search === '') return { pager, message: 'nothing was searched for: /' };
  const isExact = search !== search.toLowerCase();
  const count = lineCount(pager);
  const last = Math.max(0, count - (size.rows - FRAME));
  for (let i = 1; i <= count; i++) {
    const at = (pager.top + step * i + 2 * count) % count;
    const text = plainText(pagerLine(pager, at));
    if (!(isExact ? text : text.toLowerCase()).includes(search)) continue;
    return {
      pager: { ...pager, top: Math.min(at, last) },
      message: at > last ? 'further down on this page' : undefined,
    };
  }
  return { pager, message: `there is no ${search}` };
}
