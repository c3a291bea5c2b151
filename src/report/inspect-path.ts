import type { ImageReport, PathChange } from './image-report.ts';
import { permissions, printable } from './inspect-name.ts';
import { cut, type Paint, painter, type Style } from './style.ts';
import { byteSize, counted } from './units.ts';

const PAINTS: Readonly<Record<PathChange['change'], Paint>> = { added: 'green', modified: 'yellow', removed: 'red' };
const SIZE_WIDTH = 8;
const NOTHING = 'no layer has such a path: a pattern with a slash begins at the root, one without is a name anywhere';

/** What became of paths: for each, the layers that changed it. The report holds no other paths' changes. */
export function* renderPathHistory(report: ImageReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  const found = new Map<string, { readonly layer: number; readonly change: PathChange }[]>();
  for (const { index, changes } of report.layers) {
    for (const change of changes()) {
      const before = found.get(change.path);
      if (before) before.push({ layer: index, change });
      else found.set(change.path, [{ layer: index, change }]);
    }
  }
  yield `${paint(printable(report.image.reference), 'bold')}  ${paint(counted(found.size, 'path'), 'dim')}\n`;
  if (found.size === 0) yield `  ${paint(NOTHING, 'dim')}\n`;
  const instructions = new Map(report.layers.map(({ index, instruction }) => [index, instruction]));
  for (const path of [...found.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    yield `\n${paint(printable(path), 'bold')}\n`;
    for (const { layer, change } of found.get(path) ?? []) {
      const what = paint(change.change.padEnd(8), PAINTS[change.change]);
      const size = (change.kind === 'file' ? byteSize(change.size) : '').padStart(SIZE_WIDTH);
      const facts = `${permissions(change.kind, change.mode)} ${`${change.uid}:${change.gid}`.padEnd(9)} ${size}`;
      yield `  ${`layer ${layer}`.padEnd(9)} ${what}  ${`${facts}${remarkOf(change)}`.trimEnd()}\n`;
      yield `            ${paint(cut(printable(instructions.get(layer) ?? ''), Math.max(40, style.width - 12)), 'dim')}\n`;
    }
  }
}

/** Why, whereto, and where from. */
function remarkOf({ reasons, link, movedFrom }: PathChange): string {
  const parts = [
    reasons.join(', '),
    link === undefined ? '' : `-> ${printable(link)}`,
    movedFrom === undefined ? '' : `moved from ${printable(movedFrom)}`,
  ];
  const remark = parts.filter((part) => part !== '').join('  ');
  return remark === '' ? '' : `  ${remark}`;
}
