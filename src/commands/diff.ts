import { DlintError } from '../errors.ts';
import { commandSpecs, type FlagValues, type InvocationOf } from '../flags.ts';
import { openCache } from '../image-cache.ts';
import { openFlags } from '../image-flags.ts';
import { noteWarnings } from '../image-notes.ts';
import { diffConfigs } from '../layers/diff-config.ts';
import { diffLayers } from '../layers/diff-layers.ts';
import { diffTrees } from '../layers/diff-trees.ts';
import { passImage } from '../layers/pass-image.ts';
import { Scratch } from '../layers/scratch.ts';
import { platformName } from '../layers/sources/oci-layout.ts';
import { openStream } from '../layers/sources/streams.ts';
import { stack } from '../layers/stack.ts';
import { type StackedImage, stackImage } from '../layers/stacked-image.ts';
import { readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import { renderDiffJson } from '../report/diff-json.ts';
import { type DiffReport, type DiffSide, type FileChange, type FileDiff, fileReasons } from '../report/diff-report.ts';
import { renderDiffText } from '../report/diff-text.ts';
import type { CreateSbomOptions } from '../sbom/create-sbom.ts';
import { didYouMean } from '../suggest.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

const sections = ['config', 'layers', 'packages', 'files'] as const;

type DiffFlags = FlagValues<'diff'>;

/** Compares two images. As diff(1): 0 alike, 1 different, 2 trouble. */
export async function diff({ args, flags }: InvocationOf<'diff'>, terminal: Terminal): Promise<0 | 1> {
  const [first = '', second = ''] = args;
  const outputs = readOutputs(flags.format, commandSpecs.diff.formats);
  const wanted = new Set(readChoice('--only', flags.only, sections) ?? sections);
  const ignore = readChoice('--ignore', flags.ignore, fileReasons) ?? [];
  const cache = openCache(flags['no-cache'] === true);
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  const scratch = new Scratch();
  try {
    const options: CreateSbomOptions = {
      scratch,
      ...openFlags(flags),
      ...(cache && { cache }),
      onProgress: ({ done, total }) => progress.reportBytes(done, total),
    };
    const before = await open(first, wanted.has('packages'), options);
    const after = await open(second, wanted.has('packages'), options);
    const packages = wanted.has('packages')
      ? await packageChanges(before, after, { scratch, ...(cache && { cache }) })
      : null;
    const changes = wanted.has('files')
      ? await diffTrees(before, after, { ignore, ...(flags.path && { globs: flags.path }) })
      : null;
    progress.end();
    for (const { image } of [before, after]) noteWarnings(image, flags.quiet === true, terminal);
    const config = wanted.has('config') ? diffConfigs(before.image, after.image) : null;
    const layers = wanted.has('layers') ? diffLayers(before, after) : null;
    const report: DiffReport = {
      tool: { name: 'dlint', version },
      before: sideOf(before),
      after: sideOf(after),
      isSame: ![config, packages, changes, ...layerDifferences(layers, flags)].some((list) => (list?.length ?? 0) > 0),
      config,
      layers,
      packages,
      files: changes && fileDiff(changes),
    };
    const isSilent = flags.quiet === true && flags.format === undefined && report.isSame;
    if (!isSilent) writeReport(report, outputs, { text: renderDiffText, json: renderDiffJson }, terminal);
    return report.isSame ? 0 : 1;
  } finally {
    progress.end();
    scratch.dispose();
  }
}

/** One of the two. */
interface Side extends StackedImage {
  /** Whether it came by only once, and its records have what packages are known by. */
  readonly isPassed?: boolean;
}

/** What can be read only once is read as it passes: for packages too, where they are compared. */
async function open(reference: string, withPackages: boolean, options: CreateSbomOptions): Promise<Side> {
  const stream = openStream(reference);
  if (!stream) return await stackImage(reference, options);
  if (!withPackages) return await passImage(reference, stream, [], options);
  const { passForSbom } = await import('../sbom/create-sbom.ts');
  const read = await passForSbom(reference, stream, { ...options, hashes: true });
  return { ...read, tree: stack(read.records), isPassed: true };
}

/** How an image was built is no difference of what it is, unless that was asked for. */
function layerDifferences(layers: DiffReport['layers'], { only }: DiffFlags) {
  return only && layers ? [layers.steps.filter(({ change }) => change !== 'same')] : [];
}

/** Loaded only when it is asked for. */
async function packageChanges(before: Side, after: Side, options: CreateSbomOptions) {
  const [{ createSbom }, { diffPackages }] = await Promise.all([
    import('../sbom/create-sbom.ts'),
    import('../sbom/diff-packages.ts'),
  ]);
  const packagesOf = async (side: Side) => (await createSbom(side.isPassed ? side : side.image, options)).packages;
  const old = await packagesOf(before);
  const young = await packagesOf(after);
  return diffPackages(old, young);
}

function readChoice<T extends string>(flag: string, values: readonly string[] | undefined, all: readonly T[]) {
  return values
    ?.flatMap((value) => value.split(','))
    .map((word): T => {
      if ((all as readonly string[]).includes(word)) return word as T;
      throw new DlintError('E_USAGE', `${flag} cannot be ${word}`, {
        where: `${flag} ${word}`,
        hint: didYouMean(word, all) ?? `one of ${all.join(', ')}`,
      });
    });
}

function sideOf({ image, tree }: StackedImage): DiffSide {
  const { reference, imageId, platform, created, layers } = image;
  const compressed = layers.map(({ compressedBytes }) => compressedBytes);
  return {
    reference,
    imageId,
    platform: platformName(platform) ?? null,
    created,
    layers: layers.length,
    storedBytes: tree.storedBytes,
    liveBytes: tree.liveBytes,
    compressedBytes: compressed.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0),
  };
}

function fileDiff(changes: readonly FileChange[]): FileDiff {
  const sumOf = (change: FileChange['change']) => {
    const some = changes.filter((one) => one.change === change);
    const bytes = some.reduce((sum, { before, after }) => sum + (after?.size ?? 0) - (before?.size ?? 0), 0);
    return { count: some.length, bytes: change === 'removed' ? -bytes : bytes };
  };
  return { added: sumOf('added'), removed: sumOf('removed'), changed: sumOf('changed'), changes };
}
