import type { Digest, Render } from './finding.ts';
import { printable } from './inspect-name.ts';
import { jsonText } from './json-text.ts';
import { cut, type Painter, painter, type Style } from './style.ts';
import { renderTable } from './table.ts';
import { byteSize, count, counted } from './units.ts';

/** What images have in common. Sizes are bytes of file bodies, uncompressed; images count from 1. */
export interface SharedReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly images: readonly SharedImage[];
  /** Bytes that image i and image j both hold in layers of the same content; the diagonal has whole images. */
  readonly matrix: readonly (readonly number[])[];
  readonly totals: SharedTotals;
  /** Every distinct layer, those of the most images first, then the largest. */
  readonly layers: readonly SharedLayer[];
}

export interface SharedImage {
  readonly reference: string;
  readonly imageId: Digest | null;
  readonly layers: number;
  readonly storedBytes: number;
  /** In layers that no other image has. */
  readonly ownBytes: number;
}

export interface SharedTotals {
  /** Each image by itself. */
  readonly sumBytes: number;
  /** Every layer once: what a registry stores and a pull transfers, uncompressed. */
  readonly distinctBytes: number;
  /** Unpacked on one host, where a layer is stored again on top of other layers (OCI image-spec, "Layer ChainID"). */
  readonly hostBytes: number;
}

export interface SharedLayer {
  readonly diffId: Digest | null;
  readonly storedBytes: number;
  /** As a line of a Dockerfile, of the first image that has it. */
  readonly instruction: string;
  /** Numbers of the images that have it. */
  readonly images: readonly number[];
  /** How often it is unpacked on a host that has all the images. */
  readonly copies: number;
}

const MOST_LAYERS = 50;
/** A matrix of more images is wider than a terminal; JSON has it. */
const MOST_COLUMNS = 12;

/** For people: the images, what each pair shares, the shared layers, and what it all comes to. */
export function* renderSharedText(report: SharedReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  const { images, matrix, layers, totals } = report;
  yield* renderTable(
    images.map(({ reference, storedBytes, ownBytes, layers: number }, i) => [
      paint(String(i + 1), 'bold'),
      byteSize(storedBytes).padStart(8),
      `${byteSize(ownBytes)} of its own`,
      counted(number, 'layer'),
      printable(reference),
    ]),
    style.width,
  );
  if (images.length <= MOST_COLUMNS) yield* renderMatrix(matrix, paint);
  const shared = layers.filter((layer) => layer.images.length > 1);
  yield `\n${paint('shared layers', 'bold')}  ${paint(shared.length === 0 ? 'none' : count(shared.length), 'dim')}\n`;
  for (const layer of shared.slice(0, MOST_LAYERS)) yield layerLine(layer, images.length, paint);
  if (shared.length > MOST_LAYERS)
    yield `  ${paint(`… ${count(shared.length - MOST_LAYERS)} more: -f json has all`, 'dim')}\n`;
  const { sumBytes, distinctBytes, hostBytes } = totals;
  yield `\n${paint('all together', 'bold')}\n`;
  yield `  ${byteSize(sumBytes).padStart(8)}  one by one\n`;
  yield `  ${byteSize(distinctBytes).padStart(8)}  each layer once, as a registry stores them and a pull brings them\n`;
  yield `  ${byteSize(hostBytes).padStart(8)}  unpacked on one host, where a layer is shared only on top of the same layers\n`;
}

function* renderMatrix(matrix: readonly (readonly number[])[], paint: Painter): Generator<string> {
  yield `\n${paint('shared by pairs', 'bold')}\n`;
  yield `  ${' '.repeat(3)}${matrix.map((_, j) => paint(String(j + 1).padStart(10), 'dim')).join('')}\n`;
  for (const [i, row] of matrix.entries()) {
    yield `  ${paint(String(i + 1).padStart(3), 'dim')}${row.map((bytes, j) => (i === j ? paint('-'.padStart(10), 'dim') : byteSize(bytes).padStart(10))).join('')}\n`;
  }
}

function layerLine({ images, storedBytes, copies, instruction }: SharedLayer, total: number, paint: Painter): string {
  const who = images.length === total ? 'all' : images.join(' ');
  const again = copies > 1 ? paint(`  unpacked ${copies} times: on other layers`, 'yellow') : '';
  return `  ${byteSize(storedBytes).padStart(8)}  ${paint(who, 'bold')}  ${cut(printable(instruction), 100)}${again}\n`;
}

/** `dlint-shared/1` */
export const renderSharedJson: Render<SharedReport> = function* ({ tool, images, matrix, totals, layers }) {
  yield `{"schema":"dlint-shared/1",\n"tool":${jsonText(tool)},\n"images":${jsonText(images)},\n`;
  yield `"matrix":${jsonText(matrix)},\n"totals":${jsonText(totals)},\n`;
  yield `"layers":[${layers.map((layer) => `\n${jsonText(layer)}`).join(',')}]}\n`;
};
