import { displayWidth, wrap } from './style.ts';

/**
 * Rows under each other, columns two spaces apart. The last column takes what is left of the width and is wrapped;
 * cells may be painted.
 */
export function* renderTable(rows: readonly (readonly string[])[], width: number): Generator<string> {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(0, ...rows.map((row) => paintedWidth(row[i] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const room = Math.max(16, width - before);
  for (const row of rows) {
    const left = row
      .slice(0, count - 1)
      .map((cell, i) => pad(cell, widths[i] as number))
      .join('  ');
    const [first = '', ...more] = wrap(row[count - 1] ?? '', room);
    yield `${count > 1 ? `${left}  ` : ''}${first}`.trimEnd().concat('\n');
    for (const line of more) yield `${' '.repeat(before)}${line}\n`;
  }
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - paintedWidth(cell)));
}

/** Display width without the colour codes. */
function paintedWidth(cell: string): number {
  return displayWidth(cell.replace(/\x1b\[\d+m/g, ''));
}
