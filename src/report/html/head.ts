import type { ImageReport } from '../image-report.ts';
import { headRows } from '../inspect-head.ts';
import { byteSize, count, percent } from '../units.ts';
import { escapeText } from './markup.ts';

/** Name, sums and warnings; the other facts wait behind a summary. */
export function* renderHead(report: ImageReport): Generator<string> {
  const { image } = report;
  const tags = image.tags.filter((tag) => !image.reference.includes(tag));
  const facts = [image.platform ?? 'no platform stated', createdOf(image.created), image.format];
  yield `<header><div><h1>${escapeText([image.reference, ...tags].join('  '))}</h1>\n`;
  yield `<p>${escapeText(facts.filter((fact) => fact !== '').join(' · '))}</p></div>\n`;
  yield '<button type="button" id="theme" hidden></button></header>\n<main>\n';
  yield* renderSums(report);
  yield* renderFacts(report);
}

/** To the minute; all of it is among the facts. */
function createdOf(created: string | null): string {
  if (!created) return '';
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z$/.exec(created) ?? [];
  return `created ${day === undefined ? created : `${day} ${time} UTC`}`;
}

interface Tile {
  readonly label: string;
  readonly value: string;
  readonly remark?: string;
  readonly isBad?: boolean;
}

function* renderSums(report: ImageReport): Generator<string> {
  yield '<section aria-label="Sums"><dl class="tiles">\n';
  for (const { label, value, remark, isBad } of tilesOf(report)) {
    const more = remark === undefined ? '' : `<small>${escapeText(remark)}</small>`;
    yield `<div><dt>${label}</dt><dd${isBad ? ' class="bad"' : ''}>${escapeText(value)}${more}</dd></div>\n`;
  }
  yield '</dl>\n';
  const { storedBytes, liveBytes, deadBytes } = report;
  if (storedBytes > 0) {
    const live = ((liveBytes / storedBytes) * 1000).toFixed(1);
    const text = `${percent(liveBytes, storedBytes)} of the stored bytes are live, ${percent(deadBytes, storedBytes)} dead`;
    yield `<svg class="whole" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${text}">`;
    yield `<rect class="dead" width="1000" height="10" rx="2"/><rect class="live" width="${live}" height="10" rx="2"/></svg>\n`;
  }
  yield* renderWarnings(report);
  yield '</section>\n';
}

function tilesOf(report: ImageReport): Tile[] {
  const { storedBytes, liveBytes, deadBytes, compressedBytes, content, layerCount } = report;
  const dive = report.dive();
  return [
    {
      label: 'Stored',
      value: byteSize(storedBytes),
      ...(compressedBytes !== null && layerCount > 0 && { remark: `${byteSize(compressedBytes)} compressed` }),
    },
    { label: 'Live', value: byteSize(liveBytes), remark: `${percent(liveBytes, storedBytes || 1)} of it` },
    {
      label: 'Dead',
      value: byteSize(deadBytes),
      remark: `${percent(deadBytes, storedBytes)} of it`,
      isBad: deadBytes > storedBytes / 20,
    },
    { label: 'Layers', value: count(layerCount), ...baseRemark(report) },
    { label: 'Files', value: count(content.files), remark: `${count(content.directories)} directories` },
    {
      label: 'dive would say',
      value: percent(dive.efficiency, 1),
      remark: `efficient, ${byteSize(dive.wastedBytes)} wasted`,
    },
  ];
}

function baseRemark({ base }: ImageReport): { remark?: string } {
  return base ? { remark: `${base.base.layers} of the base` } : {};
}

function* renderWarnings({ image, dockerfile, base }: ImageReport): Generator<string> {
  const traced = (dockerfile?.warnings ?? []).map((warning) => `${dockerfile?.path}: ${warning}`);
  const warnings = [...image.warnings, ...traced, ...(base?.warnings ?? [])];
  if (warnings.length === 0) return;
  yield `<ul class="warnings">${warnings.map((warning) => `<li>${escapeText(warning)}</li>`).join('')}</ul>\n`;
}

function* renderFacts(report: ImageReport): Generator<string> {
  yield '<details class="card"><summary>Image and configuration</summary><dl class="facts">\n';
  for (const [label, lines] of headRows(report)) {
    if (lines.length === 0 || label === 'odd') continue;
    yield `<dt>${escapeText(label)}</dt><dd class="mono">${lines.map((line) => `<div>${escapeText(line)}</div>`).join('')}</dd>\n`;
  }
  yield '</dl></details>\n';
}
