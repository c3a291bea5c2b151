import { byteSize, counted } from '../../units.ts';
import { element, part } from './dom.ts';
import { COLUMNS, rowCells } from './file-cells.ts';
import { startHistory } from './history-view.ts';
import type { Model } from './model.ts';
import { type Selection, type SortKey, selectRows } from './select-rows.ts';
import { ROW, virtualRows } from './virtual-rows.ts';

const DESCENDING: ReadonlySet<SortKey> = new Set(['size', 'time']);
const SEARCH_PAUSE = 90;

/** The table of files: searched, sorted, and only as many rows in the page as can be seen. */
export function startFiles(model: Model): { showPath(node: number): void } {
  const { tables, data } = model;
  const { changes } = tables;
  const grid = part('grid');
  const search = part<HTMLInputElement>('search');
  const show = part<HTMLSelectElement>('show');
  let sort: SortKey = 'path';
  let descending = false;
  let rows: Int32Array = new Int32Array();
  let active = -1;
  const history = startHistory(model, () => {
    part('files-split').classList.remove('split');
    virtual.refresh();
    grid.focus();
  });
  const virtual = virtualRows(grid, part('heads'), rowElement);

  function select(): void {
    const chosen = rows[active];
    const selection: Selection = {
      layer: model.layer,
      show: show.value as Selection['show'],
      words: search.value,
      sort,
      descending,
    };
    const found = selectRows(tables, data.states, model.last, selection);
    rows = found.rows;
    active = chosen === undefined ? -1 : rows.indexOf(chosen);
    const omitted =
      data.omitted === 0 ? '' : `; ${counted(data.omitted, 'more change')} of the image not listed in this page`;
    part('files-sum').textContent =
      `${counted(rows.length, show.value === 'final' ? 'path' : 'change')}, ${byteSize(found.bytes)}${omitted}`;
    grid.setAttribute('aria-rowcount', String(rows.length + 1));
    showHeads();
    virtual.show(rows.length);
  }

  function rowElement(i: number): HTMLElement {
    const facts = { class: 'row', role: 'row', id: `row-${i}`, 'aria-rowindex': String(i + 2) };
    const made = element('div', facts, ...rowCells(model, rows[i] as number));
    made.setAttribute('aria-selected', String(i === active));
    made.addEventListener('click', () => activate(i, true));
    return made;
  }

  function activate(i: number, isOpened: boolean): void {
    if (rows.length === 0) return;
    active = Math.max(0, Math.min(i, rows.length - 1));
    if (isOpened || !part('history').hidden) {
      part('files-split').classList.add('split');
      history.show(changes.node[rows[active] as number] as number);
    }
    virtual.reveal(active);
    grid.setAttribute('aria-activedescendant', `row-${active}`);
  }

  function showHeads(): void {
    const heads = COLUMNS.map(({ key, label, isNumber }) => {
      const order = key !== sort ? 'none' : descending ? 'descending' : 'ascending';
      const press = element('button', { type: 'button' }, `${label}${key !== sort ? '' : descending ? ' ↓' : ' ↑'}`);
      press.addEventListener('click', () => {
        descending = key === sort ? !descending : DESCENDING.has(key);
        sort = key;
        select();
        part('heads').querySelectorAll('button')[COLUMNS.findIndex((column) => column.key === key)]?.focus();
      });
      return element('span', { role: 'columnheader', 'aria-sort': order, class: isNumber ? 'number' : '' }, press);
    });
    part('heads').replaceChildren(...heads);
  }

  grid.addEventListener('keydown', (event) => {
    if (event.target !== grid) return;
    const page = Math.max(1, Math.floor(grid.clientHeight / ROW) - 2);
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
      Enter: active,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    activate(to, event.key === 'Enter');
    event.preventDefault();
  });
  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(select, SEARCH_PAUSE);
  });
  show.addEventListener('change', select);
  model.onChoice(() => {
    // A layer is known by what it changed; the image by what is in it.
    show.value = model.layer === null ? 'final' : 'all';
    select();
  });
  part('files').hidden = false;
  if (data.selected !== null) {
    show.querySelector('[value="final"]')?.remove();
    show.value = 'all';
  }
  select();

  return {
    showPath(node) {
      part('files-split').classList.add('split');
      history.show(node);
      active = rows.findIndex((row) => changes.node[row] === node);
      if (active >= 0) virtual.reveal(active);
      else virtual.refresh();
      part('files').scrollIntoView({ block: 'nearest' });
    },
  };
}
