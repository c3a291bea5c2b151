import type { ImageReport, LargeFile, LayerReport, LayerSource, LiveCopy, PathChange, Waste } from './image-report.ts';
import { renderImageHead } from './inspect-head.ts';
import { permissions, printable } from './inspect-name.ts';
import { cut, type Paint, type Painter, painter, type Style, wrap } from './style.ts';
import { byteSize, count, counted, percent } from './units.ts';

const SIZE_WIDTH = 8;
const LABEL_WIDTH = 9;

/** For people: what the image is, what each layer holds, and what is stored for nothing. */
export function* renderInspectText(report: ImageReport, style: Style): Generator<string> {
  const page: Page = {
    paint: painter(style.color),
    width: Math.max(60, style.width),
    ...(report.base && { baseLayers: report.base.base.layers }),
  };
  yield* renderImageHead(report, style);
  if (report.selected === null) {
    yield heading('Layers', `${report.layerCount}, the lowest first`, page);
    for (const layer of report.layers) yield* renderLayer(layer, page);
    yield* renderLargest(report.largest, page);
  } else {
    for (const layer of report.layers) {
      yield heading(`Layer ${layer.index}`, `of ${report.layerCount}`, page);
      yield* renderLayer(layer, page, true);
      yield* renderChanges(layer, page);
    }
  }
  yield* renderWaste(report, page);
  if (report.selected === null) yield* renderCopies(report.copies, page);
}

interface Page {
  readonly paint: Painter;
  readonly width: number;
  /** Of the base image, where it is known. */
  readonly baseLayers?: number;
}

function heading(title: string, remark: string, { paint }: Page): string {
  return `\n${paint(title, 'bold')}  ${paint(remark, 'dim')}\n`;
}

function* renderLayer(layer: LayerReport, page: Page, isWhole = false): Generator<string> {
  const { paint } = page;
  const number = String(layer.index).padStart(3);
  const isBase = page.baseLayers !== undefined && layer.index <= page.baseLayers;
  const place = layer.source ? `${placeOf(layer.source)}  ` : isBase ? '(base)  ' : '';
  const title = `${place}${printable(layer.instruction)}`;
  const lines = isWhole ? wrap(title, page.width - 5) : [cut(title, page.width - 5)];
  for (const [i, line] of lines.entries()) yield `${i === 0 ? paint(number, 'cyan') : '   '}  ${paint(line, 'bold')}\n`;
  for (const line of wrap(sizesOf(layer), page.width - 5)) yield `     ${line}\n`;
  if (isWhole) {
    yield* field('digest', [layer.digest ?? 'not stated'], page);
    yield* field('diff id', [layer.diffId ?? 'not stated'], page);
  }
  const room = page.width - 5 - LABEL_WIDTH;
  yield* field(
    'largest',
    layer.largest
      .slice(0, isWhole ? undefined : 2)
      .map((file) => (isWhole ? largeFile(file) : cut(largeFile(file), room))),
    page,
  );
  const killers = layer.killedBy.map(({ layer: by, bytes, instruction }) => {
    const who = by === layer.index ? 'in this layer itself' : `by layer ${by}: ${printable(instruction)}`;
    return `${byteSize(bytes).padStart(SIZE_WIDTH)}  ${cut(who, room - SIZE_WIDTH - 2)}`;
  });
  yield* field('dead', killers.slice(0, isWhole ? undefined : 3), page, 'red');
  yield* field('lint', lintOf(layer, room), page, 'yellow');
  yield* field('odd', layer.problems.slice(0, 5).map(printable), page, 'yellow');
}

/** `Dockerfile:12`, with a question mark where it is not sure. */
function placeOf({ path, line, confidence }: LayerSource): string {
  if (confidence === 'base') return '(base)';
  if (line === null) return '(line not known)';
  return `${printable(path.slice(path.lastIndexOf('/') + 1))}:${line}${confidence === 'exact' ? '' : '?'}`;
}

/** What the linter says of the lines that made a layer, and what to do about it. */
function lintOf({ source }: LayerReport, width: number): string[] {
  return (source?.findings ?? []).flatMap(({ rule, line, message, help, fix }) => {
    const advice = fix === null ? help : `${fix} (dlint lint --fix)`;
    const text = `line ${line}, ${rule}: ${printable(message)}${advice === null ? '' : ` → ${printable(advice)}`}`;
    return wrap(text, width).map((part, i) => (i === 0 ? part : `  ${part}`));
  });
}

function sizesOf(layer: LayerReport): string {
  const compressed = layer.compressedBytes === null ? '' : ` (${byteSize(layer.compressedBytes)} compressed)`;
  const sums = (['added', 'modified', 'removed'] as const)
    .filter((what) => layer[what].count > 0)
    .map((what) => `${count(layer[what].count)} ${what} (${byteSize(layer[what].bytes)})`);
  const parts = [`${byteSize(layer.storedBytes)} stored${compressed}`, ...(sums.length > 0 ? sums : ['no changes'])];
  if (layer.deadBytes > 0) parts.push(`${byteSize(layer.deadBytes)} dead`);
  if (layer.deadBytesCaused > 0) parts.push(`makes ${byteSize(layer.deadBytesCaused)} dead`);
  return parts.join(', ');
}

function* field(label: string, values: readonly string[], { paint }: Page, color: Paint = 'dim'): Generator<string> {
  for (const [i, value] of values.entries()) {
    yield `     ${i === 0 ? paint(label, color) + ' '.repeat(LABEL_WIDTH - label.length) : ' '.repeat(LABEL_WIDTH)}${value}\n`;
  }
}

function largeFile({ path, size }: LargeFile): string {
  return `${byteSize(size).padStart(SIZE_WIDTH)}  ${printable(path)}`;
}

const MARKS: Readonly<Record<PathChange['change'], readonly [mark: string, paint: Paint]>> = {
  added: ['+', 'green'],
  modified: ['~', 'yellow'],
  removed: ['-', 'red'],
};

function* renderChanges(layer: LayerReport, page: Page): Generator<string> {
  const { paint } = page;
  const sum = layer.added.count + layer.modified.count + layer.removed.count;
  yield heading('Changes', sum === 0 ? 'none' : `${count(sum)}: + added, ~ modified, - removed`, page);
  for (const change of layer.changes()) {
    const [mark, color] = MARKS[change.change];
    const owner = `${change.uid}:${change.gid}`.padEnd(9);
    const size = (change.kind === 'file' ? byteSize(change.size) : '').padStart(SIZE_WIDTH);
    const link = change.link === undefined ? '' : ` -> ${printable(change.link)}`;
    const from = change.fromLayer === undefined ? '' : `(was in layer ${change.fromLayer})`;
    const moved = change.movedFrom === undefined ? '' : `moved from ${printable(change.movedFrom)}`;
    const remark = [change.reasons.join(', '), moved, from].filter((part) => part !== '').join(' ');
    const facts = paint(`${permissions(change.kind, change.mode)} ${owner}`, 'dim');
    yield `${paint(mark, color)} ${facts} ${size}  ${paint(printable(change.path), color)}${link}${remark === '' ? '' : paint(`  ${remark}`, 'dim')}\n`;
  }
}

function* renderLargest(files: readonly LargeFile[], page: Page): Generator<string> {
  if (files.length === 0) return;
  yield heading('Largest files', 'of the final image', page);
  for (const file of files) {
    const layer = page.paint(`layer ${file.layer}`.padEnd(9), 'dim');
    yield `${byteSize(file.size).padStart(SIZE_WIDTH + 3)}  ${layer}  ${printable(file.path)}\n`;
  }
}

function* renderWaste(report: ImageReport, page: Page): Generator<string> {
  const { paint, width } = page;
  if (report.waste.length === 0) {
    if (report.deadBytes === 0) yield heading('Waste', 'none: every stored byte can be reached', page);
    return;
  }
  const share = `${byteSize(report.deadBytes)} of ${byteSize(report.storedBytes)} (${percent(report.deadBytes, report.storedBytes)}) can never be read`;
  yield heading('Waste', report.selected === null ? share : `that layer ${report.selected} stores or causes`, page);
  for (const waste of report.waste) {
    const size = byteSize(waste.bytes).padStart(SIZE_WIDTH + 3);
    const [first = '', ...more] = wrap(`${whatOf(waste)}: ${waste.explanation}`, width - SIZE_WIDTH - 5);
    yield `${paint(size, 'red')}  ${first}\n`;
    const indent = ' '.repeat(SIZE_WIDTH + 5);
    for (const line of more) yield `${indent}${line}\n`;
    for (const [i, line] of wrap(waste.advice, width - indent.length - 2).entries()) {
      yield `${indent}${i === 0 ? paint('→', 'cyan') : ' '} ${line}\n`;
    }
  }
}

function* renderCopies(copies: readonly LiveCopy[], page: Page): Generator<string> {
  if (copies.length === 0) return;
  const indent = ' '.repeat(SIZE_WIDTH + 5);
  yield heading('Copies', 'equal contents at several paths of the final image', page);
  for (const { bytes, size, copies: count, layers, paths, advice } of copies) {
    const where = `layer${layers.length > 1 ? 's' : ''} ${layers.slice(0, 5).join(', ')}${layers.length > 5 ? ', …' : ''}`;
    yield `${page.paint(byteSize(bytes).padStart(SIZE_WIDTH + 3), 'yellow')}  ${count} times ${byteSize(size)}, in ${where}\n`;
    for (const { path } of paths) yield `${indent}${printable(path)}\n`;
    if (count > paths.length) yield `${indent}… ${counted(count - paths.length, 'more path')}\n`;
    yield `${indent}${page.paint('→', 'cyan')} save ${byteSize(bytes)}: ${advice}\n`;
  }
}

function whatOf({ files, directory, isAllThere, examples }: Waste): string {
  const largest = printable(examples[0]?.path ?? '');
  if (files === 1) return largest;
  const sum = counted(files, 'file');
  if (directory === '') return `${sum}, the largest ${largest}`;
  return `${sum} ${isAllThere ? 'in' : 'mostly in'} ${printable(directory)}`;
}
