import type { DiffReport, DiffSide, FileChange, FileDiff, FileState, LayerDiff, ValueChange } from './diff-report.ts';
import { permissions, printable } from './inspect-name.ts';
import { type Paint, type Painter, painter, type Style } from './style.ts';
import { byteSize, count, counted, percent } from './units.ts';

/** Lines of one section; JSON has the rest. */
const MOST_LINES = 200;
/** A value that is longer is cut, in UTF-16 units. */
const MOST_VALUE = 160;

const MARKS: Readonly<Record<string, readonly [mark: string, paint: Paint]>> = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  changed: ['~', 'yellow'],
  upgraded: ['~', 'yellow'],
  downgraded: ['~', 'yellow'],
  relicensed: ['~', 'yellow'],
};

/** For people: what became of the first image, section by section; those without a difference are one line. */
export function* renderDiffText(report: DiffReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  yield sideLine('-', 'red', report.before, paint);
  yield sideLine('+', 'green', report.after, paint);
  yield `${growth(report.before.storedBytes, report.after.storedBytes)}\n`;
  if (report.config) yield* section('config', configRows(report.config, paint), report.config.length, paint);
  if (report.layers) yield* layerSection(report.layers, report.after.layers, paint);
  if (report.packages) {
    const rows = report.packages.map(({ name, ecosystem, change, before, after }) =>
      row(
        change,
        `${printable(name)} ${arrow(before, after)}`,
        `${ecosystem}${MARKS[change]?.[0] === '~' ? `, ${change}` : ''}`,
        paint,
      ),
    );
    yield* section('packages', rows, report.packages.length, paint);
  }
  if (report.files) yield* fileSection(report.files, paint);
}

function sideLine(mark: string, color: Paint, side: DiffSide, paint: Painter): string {
  const compressed = side.compressedBytes === null ? '' : `, ${byteSize(side.compressedBytes)} compressed`;
  const size = `${byteSize(side.storedBytes)} in ${counted(side.layers, 'layer')}${compressed}`;
  return `${paint(mark, color, 'bold')} ${paint(printable(side.reference), 'bold')}  ${paint(size, 'dim')}\n`;
}

function growth(before: number, after: number): string {
  const grown = after - before;
  if (grown === 0) return '  the same size';
  return `  ${byteSize(Math.abs(grown))} ${grown > 0 ? 'larger' : 'smaller'} (${percent(Math.abs(grown), before)})`;
}

function* section(title: string, rows: readonly string[], differences: number, paint: Painter): Generator<string> {
  const sum = differences === 0 ? paint('no difference', 'dim') : paint(counted(differences, 'difference'), 'dim');
  yield `\n${paint(title, 'bold')}  ${sum}\n`;
  yield* rows.slice(0, MOST_LINES);
  if (rows.length > MOST_LINES)
    yield `  ${paint(`… ${count(rows.length - MOST_LINES)} more lines: -f json has all`, 'dim')}\n`;
}

function row(change: string, text: string, note: string, paint: Painter): string {
  const [mark, color] = MARKS[change] ?? [' ', 'dim'];
  return `  ${paint(mark, color)} ${text}${note === '' ? '' : `  ${paint(note, 'dim')}`}\n`;
}

function configRows(changes: readonly ValueChange[], paint: Painter): string[] {
  return changes.map(({ name, before, after }) => {
    const change = before === null ? 'added' : after === null ? 'removed' : 'changed';
    return row(change, `${printable(name)}: ${arrow(before, after)}`, '', paint);
  });
}

function arrow(before: string | null, after: string | null): string {
  return [before, after].flatMap((value) => (value === null ? [] : [shortened(value)])).join(' → ');
}

function shortened(value: string): string {
  return printable(value.length > MOST_VALUE ? `${value.slice(0, MOST_VALUE)}…` : value);
}

function* layerSection({ shared, sharedBytes, steps }: LayerDiff, total: number, paint: Painter): Generator<string> {
  const rows = steps
    .filter(({ change }) => change !== 'same')
    .map(({ change, layer, storedBytes, instruction }) => {
      const size = layer === null ? '' : `layer ${layer}, ${byteSize(storedBytes)}  `;
      return row(change, `${size}${shortened(instruction)}`, '', paint);
    });
  yield* section('layers', rows, rows.length, paint);
  yield `  ${paint(`${count(shared)} of ${counted(total, 'layer')} shared: ${byteSize(sharedBytes)}`, 'dim')}\n`;
}

function* fileSection(diff: FileDiff, paint: Painter): Generator<string> {
  const { added, removed, changed, changes } = diff;
  const folded = fold(changes);
  const times = changes.filter(isOfTime);
  const rows = folded.filter(({ change }) => !isOfTime(change)).map((line) => fileRow(line, paint));
  yield* section('files', rows, changes.length, paint);
  const sums = [
    ...(added.count > 0 ? [`${count(added.count)} added (+${byteSize(added.bytes)})`] : []),
    ...(removed.count > 0 ? [`${count(removed.count)} removed (-${byteSize(removed.bytes)})`] : []),
    ...(changed.count > 0 ? [`${count(changed.count)} changed (${signed(changed.bytes)})`] : []),
  ];
  if (times.length > 0) sums.push(`${count(times.length)} of them in mtime only (--ignore mtime)`);
  if (sums.length > 0) yield `  ${paint(sums.join(', '), 'dim')}\n`;
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${byteSize(Math.abs(bytes))}`;
}

function isOfTime({ reasons }: FileChange): boolean {
  return reasons.length === 1 && reasons[0] === 'mtime';
}

interface FoldedChange {
  readonly change: FileChange;
  /** Of a whole directory that came or went: what is below it. */
  below: number;
  bytes: number;
}

/** A directory that came or went as a whole is one line. Changes stand in the order of the trees: parents first. */
function fold(changes: readonly FileChange[]): FoldedChange[] {
  const folded: FoldedChange[] = [];
  let top: FoldedChange | undefined;
  for (const change of changes) {
    const size = (change.after ?? change.before)?.size ?? 0;
    if (top && change.change === top.change.change && change.path.startsWith(`${top.change.path}/`)) {
      top.below++;
      top.bytes += size;
      continue;
    }
    const line = { change, below: 0, bytes: size };
    folded.push(line);
    // What else changed in between does not end it: the paths of a directory that is gone follow it in order.
    const isWhole = change.change !== 'changed' && (change.after ?? change.before)?.kind === 'directory';
    if (isWhole) top = line;
  }
  return folded;
}

function fileRow({ change, below, bytes }: FoldedChange, paint: Painter): string {
  const state = (change.after ?? change.before) as FileState;
  const isDirectory = state.kind === 'directory';
  const link = state.link === undefined ? '' : ` -> ${printable(state.link)}`;
  const path = `/${printable(change.path)}${isDirectory ? '/' : link}`;
  if (change.change === 'changed') return row('changed', path, reasonsOf(change), paint);
  const size = isDirectory
    ? below === 0
      ? 'empty'
      : `${counted(below, 'path')}, ${byteSize(bytes)}`
    : state.kind === 'file'
      ? byteSize(bytes)
      : '';
  return row(change.change, path, size, paint);
}

function reasonsOf({ reasons, before, after }: FileChange): string {
  const [old, young] = [before as FileState, after as FileState];
  const notes: Readonly<Record<string, string>> = {
    type: `${old.kind} → ${young.kind}`,
    content:
      old.size === young.size ? 'content, same size' : `content, ${byteSize(old.size)} → ${byteSize(young.size)}`,
    link: `link was ${printable(old.link ?? '')}`,
    mode: `mode ${permissions(old.kind, old.mode)} → ${permissions(young.kind, young.mode)}`,
    owner: `owner ${old.uid}:${old.gid} → ${young.uid}:${young.gid}`,
  };
  return reasons.map((reason) => notes[reason] ?? reason).join('; ');
}
