import type { LayerReport } from '../report/image-report.ts';
import { printable } from '../report/inspect-name.ts';
import { wrap } from '../report/style.ts';
import { byteSize } from '../report/units.ts';
import { type Line, span } from './cells.ts';
import { placeOf } from './details.ts';

/** All of an instruction, what the history says, and what the linter says of the lines it is from. */
export function layerPage(layer: LayerReport, width: number): Line[] {
  const { createdBy, instruction, source } = layer;
  const lines: Line[] = [];
  if (source) lines.push([span(placeOf(source), 'cyan')], []);
  // Commands are read one by one more easily.
  const commands = instruction.split(/(?<=&&|;|\|\|) +/);
  for (const [i, command] of commands.entries()) {
    for (const line of wrap(printable(command), Math.max(20, width - 4)))
      lines.push([span(`${i === 0 ? '' : '    '}${line}`, 'bold')]);
  }
  if (createdBy !== null && createdBy !== instruction) {
    lines.push([], [span('as the history states it', 'dim')]);
    for (const line of wrap(printable(createdBy), Math.max(20, width))) lines.push([span(line)]);
  }
  for (const { rule, severity, line, message, help, fix } of source?.findings ?? []) {
    lines.push([], [span(`${severity} `, 'yellow'), span(`${rule}, line ${line}: ${printable(message)}`)]);
    const advice = fix === null ? help : `${fix} (dlint lint --fix)`;
    for (const part of advice === null ? [] : wrap(printable(advice), Math.max(20, width - 4)))
      lines.push([span(`    ${part}`)]);
  }
  if (layer.largest.length > 0) lines.push([], [span('largest files', 'dim')]);
  for (const { path, size } of layer.largest) lines.push([span(`${byteSize(size).padStart(9)}  /${printable(path)}`)]);
  return lines;
}
