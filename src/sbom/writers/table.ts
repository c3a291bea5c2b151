import { columnsOf, displayWidth, painter, type Style, visible } from '../../report/style.ts';
import type { Sbom, SbomPackage } from '../sbom.ts';
import { dockerfileLine } from './facts.ts';

const HEAD = ['NAME', 'VERSION', 'TYPE', 'LICENSE', 'LAYER'];
const GAP = 2;
const MIN_WIDTH = 80;

/** The SBOM for people: one line for each package, five columns or six, at least 80 wide; what does not fit ends in `…`. */
export function* sbomTable(sbom: Sbom, style: Style): Iterable<string> {
  const paint = painter(style.color);
  const hasLines = sbom.dockerfile !== undefined;
  const rows = sbom.packages.map((one) => [...cells(one), ...(hasLines ? [dockerfileLine(sbom, one) ?? '-'] : [])]);
  const head = [...(sbom.subject.kind === 'image' ? HEAD : HEAD.with(-1, 'SCOPE')), ...(hasLines ? ['LINE'] : [])];
  const widths = columnWidths([head, ...rows], Math.max(style.width, MIN_WIDTH));
  yield `${paint(line(head, widths), 'bold')}\n`;
  for (const row of rows) yield `${line(row, widths)}\n`;
  yield `\n${summary(sbom)}\n`;
  for (const { path, message } of sbom.problems)
    yield `${paint('warning', 'yellow')}  /${visible(path)}: ${visible(message)}\n`;
}

function cells({
  name,
  version,
  ecosystem,
  concludedLicense,
  declaredLicense,
  layer,
  scope,
  removedBy,
}: SbomPackage): readonly string[] {
  const license = (concludedLicense ?? declaredLicense ?? '-').replace(/\s+/g, ' ');
  return [name, version, ecosystem, license, layer ? layerOf(layer.index, removedBy?.index) : (scope ?? '-')].map(
    (cell) => visible(cell).replace(/\n/g, ' '),
  );
}

/** `2`, or `2-5` of what layer 5 removed. */
function layerOf(from: number, removedBy: number | undefined): string {
  return removedBy === undefined ? String(from) : `${from}-${removedBy}`;
}

/** Type, layer and line get what they need; the rest is shared, the licence giving way first. */
function columnWidths(rows: readonly (readonly string[])[], width: number): number[] {
  const columns = rows[0]?.length ?? 0;
  const needs = Array.from({ length: columns }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[column] ?? '')), 0),
  );
  const [name = 0, version = 0, type = 0, license = 0, ...narrow] = needs;
  const room = width - type - narrow.reduce((sum, one) => sum + one, 0) - GAP * (columns - 1);
  const nameWidth = Math.min(name, Math.max(20, Math.floor(room * 0.4)));
  const versionWidth = Math.min(version, Math.max(12, Math.floor(room * 0.3)));
  return [nameWidth, versionWidth, type, Math.min(license, room - nameWidth - versionWidth), ...narrow];
}

function line(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => clip(cell, widths[column] ?? 0))
    .join(' '.repeat(GAP))
    .trimEnd();
}

function clip(text: string, width: number): string {
  const missing = width - displayWidth(text);
  if (missing >= 0) return text + ' '.repeat(missing);
  let cut = '';
  let columns = 0;
  for (const character of text) {
    if (columns + columnsOf(character) > width - 1) break;
    cut += character;
    columns += columnsOf(character);
  }
  return `${cut}…${' '.repeat(Math.max(0, width - 1 - columns))}`;
}

function summary({ packages, distro }: Sbom): string {
  const counts = new Map<string, number>();
  for (const { ecosystem } of packages) counts.set(ecosystem, (counts.get(ecosystem) ?? 0) + 1);
  const parts = [...counts.keys()].sort().map((ecosystem) => `${counts.get(ecosystem)} ${ecosystem}`);
  const total = `${packages.length} ${packages.length === 1 ? 'package' : 'packages'}`;
  const on = distro ? ` · ${visible(distro.prettyName ?? distro.id)}` : '';
  return `${total}${parts.length > 1 ? ` (${parts.join(', ')})` : ''}${on}`;
}
