import type { ImageReport, LayerReport, LayerSource } from '../report/image-report.ts';
import { permissions, printable } from '../report/inspect-name.ts';
import { wrap } from '../report/style.ts';
import { byteSize, count, counted, percent } from '../report/units.ts';
import type { BrowsedImage } from './browsed-image.ts';
import { type Line, type Look, span } from './cells.ts';
import { layerOf, type State, selectionOf } from './state.ts';

const LABEL = 11;

/** What the pane of details says, of the selected path first where the tree has the keyboard. */
export function detailLines(state: State, width: number): Line[] {
  const { image, whole } = state;
  const layer = layerOf(state);
  const path = image && state.node > 0 && state.pane !== 'layers' ? [pathSection(state, image, width)] : [];
  if (!image || !whole)
    return [...path, readingLines(state, width)].flatMap((lines, i) => (i === 0 ? lines : [[], ...lines]));
  const sections = [
    ...path,
    ...(layer ? [layerSection(layer, image.report, width)] : []),
    imageSection(image.report, width),
    wasteSection(image.report, width),
  ];
  return sections.flatMap((lines, i) => (i === 0 ? lines : [[], ...lines]));
}

/** What is known before the layers are read. */
function readingLines({ reading, layer }: State, width: number): Line[] {
  const announced = reading.layers[layer - 1];
  return [
    heading('Image'),
    ...row('name', printable(reading.reference), width),
    ...(announced
      ? [
          [],
          heading(`Layer ${layer} of ${reading.layers.length}`),
          ...row('made by', printable(announced.instruction), width),
          ...row('stored', exactSize(announced.length), width),
        ]
      : []),
  ];
}

function heading(text: string): Line {
  return [span(text, 'bold')];
}

/** A label, and the text beside it as far as the width goes. */
function row(label: string, text: string, width: number, ...looks: Look[]): Line[] {
  if (text === '') return [];
  return broken(text, width - LABEL - 1).map((line, i) => [
    span((i === 0 ? label : '').padEnd(LABEL), 'dim'),
    span(line, ...looks),
  ]);
}

/** Words longer than a line are broken, too: digests and paths are. */
function broken(text: string, width: number): string[] {
  const most = Math.max(8, width);
  return wrap(text, most).flatMap((line) => {
    const characters = [...line];
    if (characters.length <= most) return [line];
    const parts: string[] = [];
    for (let at = 0; at < characters.length; at += most) parts.push(characters.slice(at, at + most).join(''));
    return parts;
  });
}

function pathSection(state: State, image: BrowsedImage, width: number): Line[] {
  const selection = selectionOf(state);
  const tree = image.tree(selection.layer, selection.since);
  const { node } = state;
  const path = tree.shown(node);
  const change = tree.change(node);
  const xattrs = Object.keys(path.xattrs ?? {});
  const device = path.device ? ` ${path.device.major}, ${path.device.minor}` : '';
  return [
    heading('Path'),
    ...row('path', `/${printable(tree.path(node))}`, width),
    ...row('kind', `${path.kind}${device}${path.isNamed ? '' : ', which no entry of a layer names'}`, width),
    ...row('links to', path.kind === 'symlink' ? printable(path.link) : '', width),
    ...row(
      'size',
      path.kind === 'file' || (tree.bytes[node] as number) > 0 ? exactSize(tree.bytes[node] as number) : '',
      width,
    ),
    ...row('mode', `${permissions(path.kind, path.mode)} (${path.mode.toString(8).padStart(4, '0')})`, width),
    ...row('owner', `${path.uid}:${path.gid}`, width),
    ...row('time', path.isNamed ? timeOf(path.mtime) : '', width),
    ...row('xattrs', xattrs.map(printable).join(', '), width),
    ...row('sha256', path.digest?.replace('sha256:', '') ?? '', width),
    ...row('stored in', `layer ${path.layer}`, width),
    ...row('change', change ? [change, ...tree.reasons(node)].join(', ') : 'none here', width, ...lookOf(change)),
    ...row(
      'below',
      (tree.changesBelow[node] as number) > 0
        ? `${counted(tree.changesBelow[node] as number, 'change')}, ${byteSize(tree.changedBytes[node] as number)}`
        : '',
      width,
    ),
  ];
}

const CHANGE_LOOKS: Readonly<Record<string, Look>> = { added: 'green', modified: 'yellow', removed: 'red' };

export function lookOf(change: string | undefined): Look[] {
  const look = change === undefined ? undefined : CHANGE_LOOKS[change];
  return look ? [look] : [];
}

function exactSize(bytes: number): string {
  return bytes < 1000 ? byteSize(bytes) : `${byteSize(bytes)} (${count(bytes)} B)`;
}

function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z');
}

function layerSection(layer: LayerReport, report: ImageReport, width: number): Line[] {
  const { base } = report;
  const isBase = base !== undefined && layer.index <= base.base.layers;
  const { added, modified, removed } = layer;
  const changes = Object.entries({ added, modified, removed })
    .filter(([, sum]) => sum.count > 0)
    .map(([what, sum]) => `${count(sum.count)} ${what} (${byteSize(sum.bytes)})`);
  const killers = layer.killedBy
    .slice(0, 3)
    .map(({ layer: by, bytes }) => `${byteSize(bytes)} by ${by === layer.index ? 'itself' : `layer ${by}`}`);
  return [
    heading(`Layer ${layer.index} of ${report.layerCount}${isBase ? ', of the base' : ''}`),
    ...row('made by', printable(layer.instruction), width),
    ...row('line', layer.source ? placeOf(layer.source) : '', width),
    ...(layer.source?.findings ?? []).flatMap(({ rule, message }) =>
      row('lint', `${rule}: ${printable(message)}`, width, 'yellow'),
    ),
    ...row(
      'stored',
      `${exactSize(layer.storedBytes)}${layer.compressedBytes === null ? '' : `, ${byteSize(layer.compressedBytes)} compressed`}`,
      width,
    ),
    ...row('changes', changes.join(', ') || 'none', width),
    ...row('dead', killers.join(', '), width, 'red'),
    ...row('makes dead', layer.deadBytesCaused > 0 ? byteSize(layer.deadBytesCaused) : '', width, 'red'),
    ...row('digest', layer.digest ?? '', width),
    ...row('diff id', layer.diffId ?? '', width),
    ...layer.problems.slice(0, 5).flatMap((problem) => row('odd', printable(problem), width, 'yellow')),
  ];
}

/** `Dockerfile:12`, with a question mark where it is not sure. */
export function placeOf({ path, line, confidence }: LayerSource): string {
  if (confidence === 'base') return 'the base image';
  if (line === null) return 'not known';
  return `${printable(path.slice(path.lastIndexOf('/') + 1))}:${line}${confidence === 'exact' ? '' : '?'}`;
}

function imageSection(report: ImageReport, width: number): Line[] {
  const { image, content, startup } = report;
  const { efficiency, wastedBytes, wastedUserShare } = report.dive();
  const share =
    wastedUserShare === null || !Number.isFinite(wastedUserShare)
      ? ''
      : `, ${percent(wastedUserShare, 1)} of user bytes`;
  const runs = startup.form === 'shell' ? (startup.script ?? '') : startup.argv.join(' ');
  return [
    heading('Image'),
    ...row('name', printable(image.reference), width),
    ...row('tags', image.tags.map(printable).join(', '), width),
    ...row('platform', [image.platform ?? 'no platform', image.format].map(printable).join(', '), width),
    ...row('created', printable(image.created ?? ''), width),
    ...row('id', image.imageId ?? '', width),
    ...row('stored', `${exactSize(report.storedBytes)} in ${counted(report.layerCount, 'layer')}`, width),
    ...row('live', `${byteSize(report.liveBytes)}, ${percent(report.liveBytes, report.storedBytes || 1)}`, width),
    ...row(
      'dead',
      report.deadBytes > 0 ? byteSize(report.deadBytes) : 'nothing',
      width,
      ...(report.deadBytes > 0 ? (['red'] as const) : []),
    ),
    ...row(
      'files',
      `${counted(content.files, 'file')}, ${counted(content.directories, 'directory', 'directories')}`,
      width,
    ),
    ...row('runs', printable(runs), width),
    ...row('user', printable(image.config.user ?? 'root (USER is not set)'), width),
    ...row('workdir', printable(image.config.workingDir ?? ''), width),
    ...row('ports', image.config.exposedPorts.map(printable).join(', '), width),
    ...row(
      'dive',
      report.storedBytes === 0 ? '' : `efficiency ${percent(efficiency, 1)}, wasted ${byteSize(wastedBytes)}${share}`,
      width,
    ),
    ...image.warnings.flatMap((warning) => row('odd', printable(warning), width, 'yellow')),
  ];
}

function wasteSection(report: ImageReport, width: number): Line[] {
  if (report.waste.length === 0) return [];
  return [
    heading('Waste'),
    ...report.waste.flatMap(({ bytes, explanation, advice }) => [
      ...row(byteSize(bytes), printable(explanation), width),
      ...row('', `→ ${printable(advice)}`, width, 'cyan'),
    ]),
  ];
}
