import { printable } from '../../inspect-name.ts';
import { byteSize, counted, percent } from '../../units.ts';
import { button, element, part, svgElement, swatch } from './dom.ts';
import { type Cell, heaviest, kindOf, mapCells } from './map-cells.ts';
import type { Model } from './model.ts';
import { paintMap } from './paint-map.ts';
import { hueColor, layerHue } from './theme.ts';
import { CAUSES, contentWeights, type Weights, wasteWeights } from './weights.ts';

/** Degrees: green and amber; red, amber, violet, blue. */
const CHANGE_HUES = [152, 75];
const CAUSE_HUES = [25, 75, 305, 240];
const CHANGE_NAMES = ['added', 'modified'];
const CAUSE_NAMES: Readonly<Record<(typeof CAUSES)[number], string>> = {
  removed: 'removed later',
  overwritten: 'overwritten',
  metadata: 'stored again for mode or owner',
  rewritten: 'stored again unchanged',
};
const MOST_LISTED = 60;
const MOST_LEGEND = 14;

/** The treemap, the list beside it, and the way back up. */
export function startMap(model: Model, onFile: (node: number) => void): { repaint(): void } {
  const { paths } = model.tables;
  const canvas = part<HTMLCanvasElement>('map');
  let isWaste = false;
  let weights = weigh();
  let at = 0;
  let cells: Cell[] = [];
  let marked = -1;

  function weigh(): Weights {
    const { tables, data, last, layer } = model;
    return isWaste ? wasteWeights(tables, data.ends, { layer }) : contentWeights(tables, data.states, last, { layer });
  }
  const hueOf = (tone: number): number => {
    if (isWaste) return CAUSE_HUES[tone] as number;
    return model.layer === null ? layerHue(tone) : (CHANGE_HUES[tone] as number);
  };
  let showMark: (cell: Cell | undefined) => void = () => {};
  const paint = () => {
    showMark = paintMap({ canvas, cells, weights, hueOf });
    showMark(cells[marked]);
  };
  const layOut = () => {
    const area = { x: 0, y: 0, width: canvas.clientWidth, height: canvas.clientHeight };
    cells = mapCells(paths, weights, at, area);
    marked = -1;
    paint();
    showTip(undefined);
  };
  const mark = (index: number, place?: { x: number; y: number }) => {
    if (index !== marked) showMark(cells[index]);
    marked = index;
    showTip(cells[index], place);
  };
  const open = (node: number) => {
    if (kindOf(paths, weights, node) === 'file' && node !== 0) {
      onFile(node);
      return;
    }
    at = node;
    showCrumbs();
    showLargest();
    layOut();
  };
  const reweigh = () => {
    weights = weigh();
    let node = at;
    while (node > 0 && weights.bytes[node] === 0) node = paths.parent(node);
    showRemark();
    showLegend();
    at = -1;
    open(node);
  };

  function describe(cell: Cell): string {
    const path =
      cell.kind === 'rest'
        ? `${counted(cell.count, 'smaller thing')} in /${paths.path(cell.node)}`
        : `/${paths.path(cell.node)}`;
    const files = cell.kind === 'directory' ? `, ${counted(weights.files[cell.node] as number, 'file')}` : '';
    return `${printable(path)}: ${byteSize(cell.bytes)}, ${percent(cell.bytes, weights.bytes[at] as number)}${files}${remarkOf(cell)}`;
  }
  function remarkOf({ kind, node }: Cell): string {
    if (kind !== 'file') return '';
    const tone = weights.tone[node] as number;
    if (isWaste) return `, ${CAUSE_NAMES[CAUSES[tone] ?? 'removed']}`;
    return model.layer === null ? `, layer ${tone}` : `, ${CHANGE_NAMES[tone]}`;
  }

  function showTip(cell: Cell | undefined, place?: { x: number; y: number }): void {
    const tip = part('tip');
    tip.hidden = cell === undefined || place === undefined;
    if (!cell) return;
    const text = describe(cell);
    if (!place) {
      part('map-said').textContent = text;
      return;
    }
    tip.textContent = text;
    const { clientWidth: width, clientHeight: height } = canvas;
    tip.style.left = `${Math.max(0, Math.min(place.x + 14, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${place.y + tip.offsetHeight + 22 > height ? place.y - tip.offsetHeight - 8 : place.y + 18}px`;
  }

  function showRemark(): void {
    const sum = weights.bytes[0] as number;
    const whose = model.layer === null ? 'the final image' : `layer ${model.layer}`;
    const content = model.layer === null ? `in ${whose}, coloured by layer` : `that ${whose} added or modified`;
    const waste = model.layer === null ? 'that nothing reaches' : `of waste that ${whose} stores or causes`;
    const linked = !isWaste && model.layer === null && sum > model.data.liveBytes ? ', each hard link counted' : '';
    part('space-remark').textContent = `${byteSize(sum)} ${isWaste ? waste : content}${linked}`;
    canvas.parentElement?.classList.toggle('nothing', sum === 0);
  }

  function showLegend(): void {
    const styles = getComputedStyle(document.documentElement);
    const item = (hue: number, name: string) => element('span', {}, swatch(hueColor(hue, styles)), name);
    const items = isWaste
      ? CAUSES.map((cause, i) => item(CAUSE_HUES[i] as number, CAUSE_NAMES[cause]))
      : model.layer === null
        ? largestLayers(model).map((layer) => item(layerHue(layer), `layer ${layer}`))
        : CHANGE_NAMES.map((name, i) => item(CHANGE_HUES[i] as number, name));
    part('legend').replaceChildren(...items);
  }

  function showCrumbs(): void {
    const trail = [0, ...paths.trail(at)];
    const crumbs = trail.flatMap((node, i) => {
      const name = node === 0 ? '/' : paths.name(node);
      const isHere = i === trail.length - 1;
      const crumb = button(name, () => open(node), isHere ? { 'aria-current': 'true' } : {});
      return i < 2 ? [crumb] : ['/', crumb];
    });
    part('crumbs').replaceChildren(...crumbs);
  }

  function showLargest(): void {
    const children = heaviest(paths, weights, at);
    const most = weights.bytes[children[0] ?? 0] as number;
    const total = weights.bytes[at] as number;
    const items = children.slice(0, MOST_LISTED).map((node) => element('li', {}, largestItem(node, most, total)));
    const more = children.length - items.length;
    if (more > 0) items.push(element('li', { class: 'muted' }, `… ${counted(more, 'smaller one')}`));
    if (items.length === 0)
      items.push(element('li', { class: 'empty' }, isWaste ? 'No waste here.' : 'No bytes here.'));
    part('largest').replaceChildren(...items);
  }
  function largestItem(node: number, most: number, total: number): HTMLElement {
    const bytes = weights.bytes[node] as number;
    const name = `${paths.name(node)}${kindOf(paths, weights, node) === 'directory' ? '/' : ''}`;
    const made = button('', () => open(node), { title: printable(paths.path(node)) });
    const bar = svgElement('svg', { viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    bar.append(svgElement('rect', { class: 'rail', width: '100', height: '4' }));
    bar.append(
      svgElement('rect', { class: isWaste ? 'dead' : 'live', width: String((bytes / most) * 100), height: '4' }),
    );
    const share = element('span', { class: 'number' }, byteSize(bytes));
    share.append(element('span', { class: 'share' }, percent(bytes, total)));
    made.append(element('span', { class: 'mono' }, name), share, bar);
    return made;
  }

  const cellAt = (x: number, y: number): number =>
    cells.findLastIndex((cell) => x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height);
  canvas.addEventListener('pointermove', ({ offsetX: x, offsetY: y }) => mark(cellAt(x, y), { x, y }));
  canvas.addEventListener('pointerleave', () => mark(-1));
  canvas.addEventListener('click', ({ offsetX, offsetY }) => {
    const cell = cells[cellAt(offsetX, offsetY)];
    if (cell) open(cell.node);
  });
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Backspace' || event.key === 'Escape') {
      if (at === 0) return;
      open(paths.parent(at));
    } else if (event.key === 'Enter' || event.key === ' ') {
      const cell = cells[marked];
      if (cell) open(cell.node);
    } else {
      const next = neighbour(cells, marked, event.key);
      if (next === undefined) return;
      mark(next);
    }
    event.preventDefault();
  });

  const views = part('space').querySelectorAll<HTMLButtonElement>('[data-view]');
  for (const view of views) {
    view.addEventListener('click', () => {
      isWaste = view.dataset.view === 'waste';
      for (const one of views) one.setAttribute('aria-pressed', String(one === view));
      reweigh();
    });
  }
  model.onChoice(reweigh);
  part('space').hidden = false;
  reweigh();
  new ResizeObserver(layOut).observe(canvas);
  return {
    repaint() {
      showLegend();
      paint();
    },
  };
}

/** Layers by what they have in the final image, at most so many as a legend can name; in order. */
function largestLayers({ data, tables, last }: Model): number[] {
  const bytes = new Map<number, number>();
  for (const row of last) {
    if (row < 0 || data.states[tables.changes.state[row] as number]?.[0] === 'removed') continue;
    const layer = tables.changes.layer[row] as number;
    bytes.set(layer, (bytes.get(layer) ?? 0) + (tables.changes.size[row] as number));
  }
  const named = [...bytes].filter(([, sum]) => sum > 0).sort(([, a], [, b]) => b - a);
  return named
    .slice(0, MOST_LEGEND)
    .map(([layer]) => layer)
    .sort((a, b) => a - b);
}

const STEPS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest cell of the directory on show in the direction of an arrow key. */
function neighbour(cells: readonly Cell[], marked: number, key: string): number | undefined {
  const step = STEPS[key];
  if (!step || cells.length === 0) return undefined;
  const from = cells[marked];
  if (!from) return 0;
  const [dx, dy] = step;
  let best = marked;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, cell] of cells.entries()) {
    if (cell.depth !== 0 || i === marked) continue;
    const right = cell.x + cell.width / 2 - (from.x + from.width / 2);
    const down = cell.y + cell.height / 2 - (from.y + from.height / 2);
    const along = right * dx + down * dy;
    const across = Math.abs(right * dy) + Math.abs(down * dx);
    if (along <= 1) continue;
    const distance = along + 2 * across;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}
