import { part } from './dom.ts';
import { type Cell, kindOf, mapCells } from './map-cells.ts';
import { crumbs, largestItems, legendItems } from './map-list.ts';
import { neighbour } from './map-neighbour.ts';
import { describeCell, type MapScene, titleOf, toneOf, weigh } from './map-scene.ts';
import type { Model } from './model.ts';
import { paintMap } from './paint-map.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The treemap, the list beside it, and the way back up. */
export function startMap(model: Model, onFile: (node: number) => void): { repaint(): void } {
  const { paths } = model.tables;
  const canvas = part<HTMLCanvasElement>('map');
  let scene: MapScene = { model, isWaste: false, weights: weigh(model, false), at: 0 };
  let cells: Cell[] = [];
  let marked = -1;
  let showMark: (cell: Cell | undefined) => void = () => {};

  const paint = () => {
    const hueOf = (tone: number) => toneOf(scene, tone).hue;
    showMark = paintMap({ canvas, cells, weights: scene.weights, hueOf });
    showMark(cells[marked]);
  };
  const layOut = () => {
    const area = { x: 0, y: 0, width: canvas.clientWidth, height: canvas.clientHeight };
    cells = mapCells(paths, scene.weights, scene.at, area);
    marked = -1;
    paint();
    showTip(canvas, undefined);
  };
  const mark = (index: number, place?: Place) => {
    if (index !== marked) showMark(cells[index]);
    marked = index;
    const cell = cells[index];
    const text = cell && describeCell(scene, cell);
    showTip(canvas, text, place);
    if (text !== undefined && !place) part('map-said').textContent = text;
  };
  const show = () => {
    part('space-remark').textContent = titleOf(scene);
    part('legend').replaceChildren(...legendItems(scene));
    part('crumbs').replaceChildren(...crumbs(scene, open));
    part('largest').replaceChildren(...largestItems(scene, open));
    layOut();
  };
  const open = (node: number) => {
    if (node !== 0 && kindOf(paths, scene.weights, node) === 'file') {
      onFile(node);
      return;
    }
    scene = { ...scene, at: node };
    show();
  };
  /** The directory stays open as long as it has something. */
  const reweigh = (isWaste: boolean) => {
    const weights = weigh(model, isWaste);
    let at = scene.at;
    while (at > 0 && (weights.bytes[at] === 0 || kindOf(paths, weights, at) === 'file')) at = paths.parent(at);
    scene = { model, isWaste, weights, at };
    show();
  };

  listen(canvas, {
    cells: () => cells,
    marked: () => marked,
    mark,
    open,
    goUp: () => scene.at > 0 && open(paths.parent(scene.at)),
  });
  startViews(reweigh);
  model.onChoice(() => reweigh(scene.isWaste));
  part('space').hidden = false;
  show();
  new ResizeObserver(layOut).observe(canvas);
  return {
    repaint() {
      part('legend').replaceChildren(...legendItems(scene));
      paint();
    },
  };
}

/** Content or waste. */
function startViews(onChoice: (isWaste: boolean) => void): void {
  const views = part('space').querySelectorAll<HTMLButtonElement>('[data-view]');
  for (const view of views) {
    view.addEventListener('click', () => {
      for (const one of views) one.setAttribute('aria-pressed', String(one === view));
      onChoice(view.dataset.view === 'waste');
    });
  }
}

/** Beside the pointer, and inside the map. */
function showTip(canvas: HTMLCanvasElement, text: string | undefined, place?: Place): void {
  const tip = part('tip');
  tip.hidden = text === undefined || place === undefined;
  if (text === undefined || !place) return;
  tip.textContent = text;
  const { clientWidth: width, clientHeight: height } = canvas;
  const isBelow = place.y + tip.offsetHeight + 22 <= height;
  tip.style.left = `${Math.max(0, Math.min(place.x + 14, width - tip.offsetWidth - 4))}px`;
  tip.style.top = `${isBelow ? place.y + 18 : place.y - tip.offsetHeight - 8}px`;
}

interface MapActions {
  cells(): readonly Cell[];
  marked(): number;
  mark(index: number, place?: Place): void;
  open(node: number): void;
  goUp(): void;
}

function listen(canvas: HTMLCanvasElement, { cells, marked, mark, open, goUp }: MapActions): void {
  const at = ({ offsetX: x, offsetY: y }: MouseEvent): number =>
    cells().findLastIndex((cell) => x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height);
  const openCell = (index: number) => {
    const cell = cells()[index];
    if (cell) open(cell.node);
  };
  canvas.addEventListener('pointermove', (event) => mark(at(event), { x: event.offsetX, y: event.offsetY }));
  canvas.addEventListener('pointerleave', () => mark(-1));
  canvas.addEventListener('click', (event) => openCell(at(event)));
  canvas.addEventListener('keydown', (event) => {
    const next = neighbour(cells(), marked(), event.key);
    if (next !== undefined) mark(next);
    else if (event.key === 'Backspace' || event.key === 'Escape') goUp();
    else if (event.key === 'Enter' || event.key === ' ') openCell(marked());
    else return;
    event.preventDefault();
  });
}
