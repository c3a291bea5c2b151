import { printable } from '../report/inspect-name.ts';
import { byteSize, percent } from '../report/units.ts';
import { fitRight, type Line, span } from './cells.ts';
import { placeOf } from './details.ts';
import { type AnnouncedLayer, layerCount, type State } from './state.ts';

const SIZE = 9;

/** The heads of the columns. */
export function layerHeads({ whole }: State): Line {
  const sizes = whole
    ? `${'size'.padStart(SIZE)} ${'dead'.padStart(SIZE)}`
    : `${'stored'.padStart(SIZE)} ${'read'.padStart(SIZE)}`;
  return [span(`  # ${sizes}  instruction`, 'dim')];
}

/** Line of layer `index`, from 0. */
export function layerLine(state: State, index: number): Line {
  const layer = state.whole?.report.layers[index];
  if (!layer) return announcedLine(state.reading.layers[index] as AnnouncedLayer);
  const { source } = layer;
  const isBase = index < (state.whole?.report.base?.base.layers ?? 0);
  const dead = layer.deadBytes === 0 ? '' : byteSize(layer.deadBytes);
  const place = source && source.confidence !== 'base' ? `${placeOf(source)} ` : isBase || source ? '(base) ' : '';
  return [
    span(fitRight(String(layer.index), 3), 'cyan'),
    span(` ${fitRight(byteSize(layer.storedBytes), SIZE)} `),
    span(fitRight(dead, SIZE), 'red'),
    span('  '),
    span(place, 'dim'),
    span(printable(layer.instruction)),
  ];
}

/** A layer that is being read. */
function announcedLine({ index, length, done, instruction }: AnnouncedLayer): Line {
  const read = done >= length ? 'read' : done === 0 ? '' : percent(done, length);
  return [
    span(fitRight(String(index), 3), 'cyan'),
    span(` ${fitRight(byteSize(length), SIZE)} ${fitRight(read, SIZE)}  `, 'dim'),
    span(printable(instruction)),
  ];
}

/** `Layers 3 of 9` */
export function layersTitle(state: State): string {
  return `Layers ${layerCount(state) === 0 ? '' : `${state.layer} of ${layerCount(state)}`}`.trim();
}
