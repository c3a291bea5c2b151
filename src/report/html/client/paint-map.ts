import { printable } from '../../inspect-name.ts';
import { byteSize } from '../../units.ts';
import type { Cell } from './map-cells.ts';
import { hueColor } from './theme.ts';
import type { Weights } from './weights.ts';

export interface MapPaint {
  readonly canvas: HTMLCanvasElement;
  readonly cells: readonly Cell[];
  readonly weights: Weights;
  /** Degrees. */
  readonly hueOf: (tone: number) => number;
}

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';

/** Paints all cells, and gives what marks one of them: the picture is kept, so that following the pointer is cheap. */
export function paintMap({ canvas, cells, weights, hueOf }: MapPaint): (marked: Cell | undefined) => void {
  const styles = getComputedStyle(document.documentElement);
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) return () => {};
  context.scale(ratio, ratio);
  context.font = FONT;
  context.textBaseline = 'middle';
  const color = (name: string) => styles.getPropertyValue(name);
  for (const cell of cells) {
    const { kind, node, isOpen } = cell;
    const tone = weights.tone[node] as number;
    if (isOpen) context.fillStyle = color(cell.depth % 2 === 0 ? '--raised' : '--card');
    else context.fillStyle = tone < 0 ? color('--line') : hueColor(hueOf(tone), styles);
    context.globalAlpha = kind === 'rest' ? 0.55 : 1;
    fill(context, cell);
    context.globalAlpha = 1;
    if (isOpen) outline(context, cell, color('--line'));
    label(context, cell, printable(cell.name), {
      name: color(isOpen ? '--text' : '--cell-text'),
      size: color(isOpen ? '--muted' : '--cell-text'),
    });
  }
  const picture = document.createElement('canvas');
  picture.width = canvas.width;
  picture.height = canvas.height;
  if (canvas.width > 0 && canvas.height > 0) picture.getContext('2d')?.drawImage(canvas, 0, 0);
  return (marked) => {
    if (picture.width === 0 || picture.height === 0) return;
    context.drawImage(picture, 0, 0, width, height);
    if (marked) outline(context, marked, color('--accent'), 2);
  };
}

/** A hair between neighbours, as long as there is room for it. */
function fill(context: CanvasRenderingContext2D, { x, y, width, height }: Cell): void {
  const hair = Math.min(width, height) > 4 ? 0.5 : 0.15;
  context.fillRect(x + hair, y + hair, width - 2 * hair, height - 2 * hair);
}

function outline(context: CanvasRenderingContext2D, { x, y, width, height }: Cell, style: string, line = 1): void {
  context.strokeStyle = style;
  context.lineWidth = line;
  context.strokeRect(x + line / 2, y + line / 2, Math.max(0, width - line), Math.max(0, height - line));
}

function label(
  context: CanvasRenderingContext2D,
  cell: Cell,
  name: string,
  colors: { readonly name: string; readonly size: string },
): void {
  const { x, y, width, height, isOpen, bytes } = cell;
  if (width < 34 || height < 15) return;
  const middle = isOpen ? y + 9.5 : y + Math.min(11, height / 2);
  context.fillStyle = colors.name;
  const text = fitted(context, name, width - 10);
  if (text === '') return;
  context.fillText(text, x + 5, middle);
  const size = byteSize(bytes);
  const room = context.measureText(size).width;
  context.fillStyle = colors.size;
  if (isOpen) {
    if (context.measureText(text).width + room + 22 < width) context.fillText(size, x + width - room - 5, middle);
  } else if (height > 32 && room + 10 < width) context.fillText(size, x + 5, middle + 15);
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  const characters = [...text.slice(0, 200)];
  if (context.measureText(text.slice(0, 200)).width <= room) return text;
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${characters.slice(0, middle).join('')}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : `${characters.slice(0, low).join('')}…`;
}
