import { baseSums } from '../report/base-sums.ts';
import type {
  DeadFile,
  DiveScore,
  ImageFacts,
  ImageReport,
  LargeFile,
  LayerReport,
  PathChange,
  Settings,
} from '../report/image-report.ts';
import { MASK, maskText } from '../report/secrets.ts';
import { counted } from '../report/units.ts';
import type { BaseImage } from './base-image.ts';
import { diveLayers } from './dive-layers.ts';
import { diveScore } from './dive-score.ts';
import type { Image, ImageConfig, Layer, Platform } from './image.ts';
import type { Change, LayerChanges, StackedTree } from './image-tree.ts';
import { instructionOf } from './instruction.ts';
import { keepLargest } from './largest.ts';
import { type LiveContents, liveCopies } from './live-copies.ts';
import { movesOf } from './moves.ts';
import { once } from './once.ts';
import { encodePath, hasEscapes } from './path.ts';
import type { LayerRecord } from './record.ts';
import { digestProblems } from './scan-layers.ts';
import { maskCreatedBy, maskVariable, secretValues } from './secret.ts';
import { startupOf } from './startup.ts';
import { wastes } from './waste.ts';

const MOST_WASTES = 10;
const MOST_COPIES = 10;
const MOST_FILES = 10;
const MOST_FILES_OF_LAYER = 5;

export interface ReportOptions {
  readonly tool: { readonly name: string; readonly version: string };
  /** 1-based: report of this layer only. */
  readonly layer?: number;
  /** Which of the layers are the base image's. */
  readonly base?: BaseImage;
  /** What was found out about equal contents; without it none are told of. */
  readonly live?: LiveContents;
  /** Default: computed when it is asked for. */
  readonly dive?: DiveScore;
}

/** Puts together what is told about an image; records and tree are those of its layers, in order. */
export function imageReport(
  image: Image,
  records: readonly LayerRecord[],
  tree: StackedTree,
  { tool, layer, base, live, dive }: ReportOptions,
): ImageReport {
  const mask = maskFor(image.config);
  const config = maskedSettings(image.config, mask);
  const instructions = image.layers.map((one) => instructionOf(one.createdBy === null ? null : mask(one.createdBy)));
  const moves = live ? movesOf(live.moves, live.digestOf) : new Map<number, Map<string, string>>();
  const layers = layerReports(image.layers, records, tree, instructions, mask, moves);
  const selected = layer === undefined ? layers : layers.slice(layer - 1, layer);
  const final = tree.content(MOST_FILES);
  return {
    tool,
    image: imageFacts(image, config, mask),
    startup: startupOf(config),
    storedBytes: tree.storedBytes,
    liveBytes: tree.liveBytes,
    deadBytes: tree.deadBytes,
    compressedBytes: sumOrNull(image.layers.map((one) => one.compressedBytes)),
    content: final.facts,
    layers: selected,
    layerCount: layers.length,
    selected: layer ?? null,
    waste: wastes(tree, instructions, MOST_WASTES, layer),
    copies: live ? liveCopies(live.groups, live.digestOf, instructions, MOST_COPIES) : [],
    ...(base && {
      base: { reference: base.reference, warnings: base.warnings, ...baseSums(layers, base.layers) },
    }),
    largest: layer === undefined ? final.largest : (selected[0]?.largest ?? []),
    outline: () => tree.outline(layer),
    dead: () => deadFiles(tree, layer),
    dive: once(() => dive ?? diveScore(records, tree.names)),
    diveLayers: () => diveLayers(image, records, layers, tree.names),
  };
}

function* deadFiles(tree: StackedTree, layer?: number): Generator<DeadFile> {
  for (const body of tree.deadBodies())
    if (layer === undefined || body.layer === layer || body.killedBy === layer) yield body;
}

/** Hides secrets by name and shape, and the values of secret variables wherever else they stand. */
export function maskFor(config: ImageConfig): (text: string) => string {
  const values = secretValues(config.env);
  // Whole values first: of one with spaces, the other way would see its first word only.
  return (text) => maskCreatedBy(values.reduce((masked, value) => masked.replaceAll(value, MASK), text));
}

function imageFacts(image: Image, config: Settings, mask: (text: string) => string): ImageFacts {
  return {
    reference: image.reference,
    tags: image.tags,
    format: image.format,
    imageId: image.imageId,
    manifestDigest: image.manifestDigest,
    platform: image.platform && platformName(image.platform),
    created: image.created,
    config,
    history: image.history.map(({ createdBy, layer }) => ({ createdBy: mask(createdBy), layer })),
    warnings: image.warnings,
  };
}

function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}

export function maskedSettings(config: ImageConfig, mask: (text: string) => string): Settings {
  const words = (list: readonly string[]) => maskWords(list).map(mask);
  return {
    ...config,
    env: config.env.map((variable) => mask(maskVariable(variable))),
    labels: Object.fromEntries(
      Object.entries(config.labels).map(([name, value]) => [name, maskLabel(name, value, mask)]),
    ),
    onBuild: config.onBuild.map(mask),
    ...(config.entrypoint && { entrypoint: words(config.entrypoint) }),
    ...(config.cmd && { cmd: words(config.cmd) }),
    ...(config.healthcheck && { healthcheck: { ...config.healthcheck, test: words(config.healthcheck.test) } }),
  };
}

function maskLabel(name: string, value: string, mask: (text: string) => string): string {
  return mask(maskVariable(`${name}=${value}`).slice(name.length + 1));
}

/** `["--token", "x"]`: option and value are two words, so they are looked at as one text. */
function maskWords(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const option = words[i - 1] ?? '';
    return /^--?[A-Za-z][\w-]*$/.test(option) && !word.startsWith('-') && maskText(`${option} x${word}`).endsWith(MASK)
      ? MASK
      : word;
  });
}

function layerReports(
  layers: readonly Layer[],
  records: readonly LayerRecord[],
  tree: StackedTree,
  instructions: readonly string[],
  mask: (text: string) => string,
  moves: ReadonlyMap<number, ReadonlyMap<string, string>>,
): LayerReport[] {
  return layers.map((layer, i) => {
    const record = records[i] as LayerRecord;
    const stacked = tree.layers[i] as LayerChanges;
    return {
      index: layer.index,
      digest: layer.digest ?? record.digest,
      diffId: layer.diffId ?? record.diffId,
      mediaType: layer.mediaType,
      storedBytes: stacked.storedBytes,
      compressedBytes: layer.compressedBytes,
      createdBy: layer.createdBy === null ? null : mask(layer.createdBy),
      instruction: instructions[i] as string,
      entries: stacked.entries,
      deadBytes: stacked.deadBytes,
      deadBytesCaused: stacked.deadBytesCaused,
      added: { count: stacked.added, bytes: stacked.addedBytes },
      modified: { count: stacked.modified, bytes: stacked.modifiedBytes },
      removed: { count: stacked.removed, bytes: stacked.removedBytes },
      killedBy: [...stacked.killedBy]
        .sort(([, a], [, b]) => b - a)
        .map(([killer, bytes]) => ({ layer: killer, bytes, instruction: instructions[killer - 1] as string })),
      largest: largestOf(record, layer.index),
      problems: problemsOf(layer, record, stacked),
      changes: () => pathChanges(stacked.changes(), moves.get(layer.index)),
    };
  });
}

function largestOf({ entries }: LayerRecord, layer: number): LargeFile[] {
  const largest: { index: number; size: number }[] = [];
  /** What is not larger is not among them. */
  let least = 0;
  for (let index = 0; index < entries.length; index++) {
    const size = entries.size(index);
    if (size <= least || entries.kind(index) !== 'file') continue;
    keepLargest(largest, { index, size }, MOST_FILES_OF_LAYER);
    least = largest[MOST_FILES_OF_LAYER - 1]?.size ?? 0;
  }
  return largest.map(({ index, size }) => ({ path: entries.path(index), size, layer }));
}

function problemsOf(layer: Layer, record: LayerRecord, { problems }: LayerChanges): string[] {
  const met = Object.entries(problems).map(([problem, times]) => `${problem}: ${counted(times, 'entry', 'entries')}`);
  return [...digestProblems(layer, record), ...record.problems, ...met];
}

function* pathChanges(changes: Iterable<Change>, moves?: ReadonlyMap<string, string>): Generator<PathChange> {
  for (const change of changes) {
    const movedFrom = change.change === 'added' ? moves?.get(change.path) : undefined;
    const whole = movedFrom === undefined ? change : { ...change, movedFrom };
    const isText = !hasEscapes(change.path);
    yield isText ? whole : { ...whole, pathBase64: Buffer.from(encodePath(change.path)).toString('base64') };
  }
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}
