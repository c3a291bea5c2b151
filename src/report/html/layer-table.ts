import type { ImageReport, LayerReport, LayerSource } from '../image-report.ts';
import { byteSize, count } from '../units.ts';
import { escapeText } from './markup.ts';

const BAR = 170;
const MOST_FINDINGS = 20;
/** Longer ones can be read when the layer is chosen. */
const MOST_OF_INSTRUCTION = 600;

/** The layers, lowest first: a bar of live and dead bytes, the instruction, its line, and what the linter says of it. */
export function* renderLayers(report: ImageReport): Generator<string> {
  const { layers, selected, layerCount } = report;
  const remark =
    selected === null ? `${layerCount}, the lowest first` : `layer ${selected} of ${layerCount}, as asked for`;
  yield '<section id="layers"><div class="section-head"><h2>Layers</h2>';
  yield `<span class="muted">${remark}</span><span class="grow"></span>${LEGEND}</div>\n`;
  yield '<div class="scroll"><table id="layer-table"><thead><tr><th scope="col">#</th><th scope="col">Live and dead</th>';
  yield '<th scope="col" class="number">Stored</th><th scope="col" class="number">Dead</th><th scope="col" class="number">Makes dead</th>';
  yield '<th scope="col" class="number">Changes</th><th scope="col">Instruction</th></tr></thead>\n<tbody>\n';
  const largest = layers.reduce((most, { storedBytes }) => Math.max(most, storedBytes), 0);
  for (const layer of layers) yield renderLayer(layer, largest, report.base?.base.layers ?? 0);
  yield '</tbody></table></div></section>\n';
}

const LEGEND =
  '<span class="legend"><span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="live" width="10" height="10" rx="2"/></svg>live</span><span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="dead" width="10" height="10" rx="2"/></svg>dead</span></span>';

function renderLayer(layer: LayerReport, largest: number, baseLayers: number): string {
  const { index, storedBytes, deadBytes, deadBytesCaused } = layer;
  const cells = [
    `<td class="number">${index}</td>`,
    `<td>${barOf(layer, largest)}</td>`,
    `<td class="number">${byteSize(storedBytes)}</td>`,
    `<td class="number${deadBytes > 0 ? ' removed' : ''}">${sizeOrNothing(deadBytes)}</td>`,
    `<td class="number${deadBytesCaused > 0 ? ' removed' : ''}">${sizeOrNothing(deadBytesCaused)}</td>`,
    `<td class="number sums">${sumsOf(layer)}</td>`,
    `<td>${instructionOf(layer, index <= baseLayers)}</td>`,
  ];
  return `<tr data-layer="${index}">${cells.join('')}</tr>\n`;
}

function sizeOrNothing(bytes: number): string {
  return bytes === 0 ? '' : byteSize(bytes);
}

function barOf({ storedBytes, deadBytes }: LayerReport, largest: number): string {
  const width = (bytes: number) => (largest === 0 ? 0 : (bytes / largest) * BAR).toFixed(1);
  const live = storedBytes - deadBytes;
  // What is not nothing can be seen.
  const thin = storedBytes > 0 && Number(width(storedBytes)) < 1 ? '1.0' : undefined;
  return [
    `<svg class="bar" viewBox="0 0 ${BAR} 12" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="${BAR}" height="12" rx="2"/>`,
    `<rect class="${live === 0 ? 'dead' : 'live'}" width="${thin ?? width(live)}" height="12"/>`,
    thin === undefined
      ? `<rect class="dead" x="${width(live)}" width="${width(deadBytes)}" height="12"/></svg>`
      : '</svg>',
  ].join('');
}

const MARKS = { added: '+', modified: '~', removed: '−' } as const;

function sumsOf(layer: LayerReport): string {
  return (['added', 'modified', 'removed'] as const)
    .filter((change) => layer[change].count > 0)
    .map((change) => {
      const { count: paths, bytes } = layer[change];
      return `<span class="${change}" title="${count(paths)} ${change}, ${byteSize(bytes)}">${MARKS[change]}${count(paths)}</span>`;
    })
    .join('');
}

function instructionOf(layer: LayerReport, isBase: boolean): string {
  const { instruction, source, problems } = layer;
  const shown =
    instruction.length > MOST_OF_INSTRUCTION ? `${instruction.slice(0, MOST_OF_INSTRUCTION)}…` : instruction;
  const place = source ? placeOf(source) : isBase ? 'base image' : '';
  const line = place === '' ? '' : `<span class="muted line">${escapeText(place)}</span> `;
  const findings = (source?.findings ?? []).slice(0, MOST_FINDINGS).map(({ rule, line: at, message, help, fix }) => {
    const advice = fix === null ? help : `${fix} (dlint lint --fix)`;
    const more = advice === null ? '' : ` <span class="muted">→ ${escapeText(advice)}</span>`;
    return `<li><span class="rule">line ${at}, ${escapeText(rule)}</span>: ${escapeText(message)}${more}</li>`;
  });
  const odd = problems.slice(0, 5).map((problem) => `<li><span class="rule">odd</span>: ${escapeText(problem)}</li>`);
  const list = [...findings, ...odd];
  return `<div class="instruction">${line}<code>${escapeText(shown)}</code></div>${list.length > 0 ? `<ul class="findings">${list.join('')}</ul>` : ''}`;
}

/** `Dockerfile:12`, with a question mark where it is not sure. */
function placeOf({ path, line, confidence }: LayerSource): string {
  if (confidence === 'base') return 'base image';
  if (line === null) return 'line not known';
  return `${path.slice(path.lastIndexOf('/') + 1)}:${line}${confidence === 'exact' ? '' : '?'}`;
}
