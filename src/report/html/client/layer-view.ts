import { byteSize, counted } from '../../units.ts';
import type { PageLayer } from '../page-data.ts';
import { button, element, part } from './dom.ts';
import type { Model } from './model.ts';

/** The table of layers becomes the choice of one; the chosen one's facts open below its row. */
export function startLayers(model: Model): void {
  const rows = new Map<number, HTMLTableRowElement>();
  for (const row of part('layer-table').querySelectorAll<HTMLTableRowElement>('tr[data-layer]')) {
    const index = Number(row.dataset.layer);
    rows.set(index, row);
    const toggle = () => model.choose(model.layer === index ? null : index);
    row.cells[0]?.replaceChildren(
      button(String(index), () => {}, {
        'aria-label': `Layer ${index}`,
        'aria-pressed': 'false',
      }),
    );
    row.addEventListener('click', () => {
      if (getSelection()?.isCollapsed !== false) toggle();
    });
  }
  const show = () => {
    document.getElementById('layer-detail')?.remove();
    for (const [index, row] of rows) {
      const isChosen = index === model.layer;
      row.classList.toggle('chosen', isChosen);
      row.querySelector('button')?.setAttribute('aria-pressed', String(isChosen));
      const layer = isChosen ? model.layerOf(index) : undefined;
      if (layer) row.after(detailOf(layer));
    }
    showScope(model);
  };
  model.onChoice(show);
  show();
}

function showScope(model: Model): void {
  const bar = part('scope');
  const layer = model.layer === null || model.data.selected !== null ? undefined : model.layerOf(model.layer);
  bar.hidden = layer === undefined;
  if (!layer) return;
  bar.replaceChildren(
    element('strong', {}, `Layer ${layer.index}`),
    element('code', {}, layer.instruction),
    button('Whole image', () => model.choose(null)),
  );
}

function detailOf(layer: PageLayer): HTMLElement {
  const columns = [factsOf(layer), killersOf(layer), largestOf(layer)].filter((column) => column !== undefined);
  const cell = element('td', { colspan: '7' });
  cell.append(element('pre', { class: 'mono' }, oneLineEach(layer.instruction)));
  cell.append(element('div', { class: 'columns' }, ...columns));
  return element('tr', { id: 'layer-detail' }, cell);
}

/** Long shell lines break where commands do. */
function oneLineEach(instruction: string): Node {
  const lines = instruction.split(/(?<= && | \|\| |; )/);
  return element('span', {}, ...lines.flatMap((line, i) => (i === 0 ? [line] : [element('br'), `    ${line}`])));
}

function factsOf(layer: PageLayer): HTMLElement {
  const { digest, diffId, mediaType, compressedBytes } = layer;
  const changes = (['added', 'modified', 'removed'] as const)
    .filter((change) => layer[change].count > 0)
    .map((change) => `${counted(layer[change].count, 'path')} ${change} (${byteSize(layer[change].bytes)})`);
  const facts: [string, string][] = [
    ['changes', changes.join(', ') || 'none'],
    ['digest', digest ?? 'not stated'],
    ['diff id', diffId ?? 'not stated'],
    ['media type', mediaType],
    ...(compressedBytes === null ? [] : [['compressed', byteSize(compressedBytes)] as [string, string]]),
  ];
  const list = element('dl', { class: 'facts' });
  for (const [label, value] of facts) list.append(element('dt', {}, label), element('dd', { class: 'mono' }, value));
  return element('div', {}, element('h3', {}, 'Layer'), list);
}

function killersOf({ index, killedBy }: PageLayer): HTMLElement | undefined {
  if (killedBy.length === 0) return undefined;
  const items = killedBy
    .slice(0, 20)
    .map(({ layer, bytes, instruction }) =>
      pair(
        byteSize(bytes),
        layer === index ? 'in this layer itself' : `by layer ${layer}: ${instruction.slice(0, 200)}`,
      ),
    );
  return element(
    'div',
    {},
    element('h3', {}, 'Its bytes made unreachable'),
    element('ul', { class: 'pairs' }, ...items),
  );
}

function largestOf({ largest }: PageLayer): HTMLElement | undefined {
  if (largest.length === 0) return undefined;
  const items = largest.map(({ path, size }) => pair(byteSize(size), path));
  return element('div', {}, element('h3', {}, 'Largest files'), element('ul', { class: 'pairs' }, ...items));
}

function pair(amount: string, text: string): HTMLElement {
  return element('li', {}, element('span', { class: 'number' }, amount), element('span', { class: 'mono' }, text));
}
