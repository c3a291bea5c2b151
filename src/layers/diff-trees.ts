import { DlintError } from '../errors.ts';
import type { FileChange, FileReason, FileState } from '../report/diff-report.ts';
import type { Digest } from '../report/finding.ts';
import type { Entry } from './entry.ts';
import type { Layer } from './image.ts';
import type { BodyPlace, TreeFile } from './image-tree.ts';
import { compileGlobs } from './probes/globs.ts';
import { hashBodies } from './read-bodies.ts';
import type { LayerRecord } from './record.ts';
import type { StackedImage } from './stacked-image.ts';

export interface DiffTreesOptions {
  /** Only paths that match, and what is below them. */
  readonly globs?: readonly string[];
  /** Differences that do not count. */
  readonly ignore?: readonly FileReason[];
  readonly signal?: AbortSignal;
}

/** Hashes that are open at the same time. */
const BODIES_AT_ONCE = 1000;

/**
 * The paths that two final trees do not have alike: those of the first in its order, then those that only the second
 * has. Bodies are read where nothing else tells: equal in size, from layers that are not the same, not hashed so far.
 * Errors: those of reading layers, `E_NOT_FOUND` where no path of either matches.
 */
export async function diffTrees(
  before: StackedImage,
  after: StackedImage,
  { globs, ignore = [], signal }: DiffTreesOptions = {},
): Promise<FileChange[]> {
  const matches = globs && compileGlobs(globs.flatMap(withWhatIsBelow));
  let isMatched = !matches;
  const isWanted = (path: string): boolean => {
    if (!matches) return true;
    const isIt = matches(path);
    isMatched ||= isIt;
    return isIt;
  };
  const ignored = new Set<FileReason>(ignore);
  const sides = { before: new Side(before), after: new Side(after) };
  const changes: FileChange[] = [];
  const pairs: { readonly at: number; readonly before: BodyPlace; readonly after: BodyPlace }[] = [];
  for (const file of before.tree.files()) {
    if (!isWanted(file.path)) continue;
    const other = after.tree.get(file.path);
    if (!other) {
      changes.push({ path: file.path, change: 'removed', reasons: [], before: stateOf(file), after: null });
      continue;
    }
    const { reasons, isOpen } = compare(sides, file, other, ignored);
    if (reasons.length === 0 && !isOpen) continue;
    if (isOpen) pairs.push({ at: changes.length, before: placeOf(file), after: placeOf(other) });
    changes.push({ path: file.path, change: 'changed', reasons, before: stateOf(file), after: stateOf(other) });
  }
  for (const file of after.tree.files()) {
    if (!isWanted(file.path) || before.tree.get(file.path)) continue;
    changes.push({ path: file.path, change: 'added', reasons: [], before: null, after: stateOf(file) });
  }
  if (!isMatched) throw matchless(globs ?? []);
  await sides.before.hash(
    pairs.map((pair) => pair.before),
    signal,
  );
  await sides.after.hash(
    pairs.map((pair) => pair.after),
    signal,
  );
  for (const pair of pairs) {
    if (sides.before.digest(pair.before) === sides.after.digest(pair.after)) continue;
    const change = changes[pair.at] as FileChange;
    changes[pair.at] = { ...change, reasons: ['content', ...change.reasons] };
  }
  return changes.filter(({ change, reasons }) => change !== 'changed' || reasons.length > 0);
}

function withWhatIsBelow(glob: string): string[] {
  const bare = glob.replace(/^(?:\.?\/)+|\/+$/g, '');
  return bare === '' || bare === '.' ? ['**'] : [bare, `${bare}/**`];
}

function matchless(globs: readonly string[]): DlintError {
  return new DlintError('E_NOT_FOUND', `no path of either image matches ${globs.join(' or ')}`, {
    where: globs.map((glob) => `--path ${glob}`).join(' '),
    hint: 'patterns are of whole paths: etc/passwd, usr/lib/**/*.so, **/*.jar',
  });
}

interface Comparison {
  readonly reasons: FileReason[];
  /** Only the bodies can tell whether the content differs. */
  readonly isOpen: boolean;
}

function compare(
  sides: { readonly before: Side; readonly after: Side },
  a: TreeFile,
  b: TreeFile,
  ignored: ReadonlySet<FileReason>,
): Comparison {
  if (a.kind !== b.kind) return { reasons: ignored.has('type') ? [] : ['type'], isOpen: false };
  // A directory that no entry names has no metadata of its own.
  if (a.index < 0 || b.index < 0) return { reasons: [], isOpen: false };
  const isSameEntry = a.index === b.index && sides.before.key(a.layer) === sides.after.key(b.layer);
  if (isSameEntry) return { reasons: [], isOpen: false };
  const [old, young] = [a.entry, b.entry];
  const content = a.kind === 'file' && !ignored.has('content') ? compareBodies(sides, a, b) : 'same';
  const reasons: FileReason[] = [
    ...(content === 'different' ? (['content'] as const) : []),
    ...metadataReasons(old, young),
  ];
  return { reasons: reasons.filter((reason) => !ignored.has(reason)), isOpen: content === 'open' };
}

function compareBodies(sides: { readonly before: Side; readonly after: Side }, a: TreeFile, b: TreeFile) {
  if (a.entry.size !== b.entry.size) return 'different';
  if (a.entry.size === 0) return 'same';
  const [old, young] = [sides.before.digest(placeOf(a)), sides.after.digest(placeOf(b))];
  return old === undefined || young === undefined ? 'open' : old === young ? 'same' : 'different';
}

function* metadataReasons(old: Entry, young: Entry): Generator<FileReason> {
  if (old.kind === 'symlink' && old.link !== young.link) yield 'link';
  if (old.device?.major !== young.device?.major || old.device?.minor !== young.device?.minor) yield 'device';
  // Nobody can change the mode of a symlink.
  if (old.kind !== 'symlink' && old.mode !== young.mode) yield 'mode';
  if (old.uid !== young.uid || old.gid !== young.gid) yield 'owner';
  if (xattrsOf(old) !== xattrsOf(young)) yield 'xattr';
  if (Math.trunc(old.mtime) !== Math.trunc(young.mtime)) yield 'mtime';
}

function xattrsOf({ xattrs = {} }: Entry): string {
  return JSON.stringify(Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One of the two images, with what is known of its bodies. */
class Side {
  readonly #stacked: StackedImage;
  readonly #hashed: readonly Map<number, Digest>[];

  constructor(stacked: StackedImage) {
    this.#stacked = stacked;
    this.#hashed = stacked.records.map(() => new Map());
  }

  /** The same for layers that hold the same; unlike any other where nothing is stated. */
  key(layer: number): unknown {
    return this.#record(layer).diffId ?? this.#layer(layer).diffId ?? this.#layer(layer);
  }

  digest({ layer, index }: BodyPlace): Digest | undefined {
    return this.#record(layer).entries.digest(index) ?? this.#hashed[layer - 1]?.get(index);
  }

  async hash(places: readonly BodyPlace[], signal: AbortSignal | undefined): Promise<void> {
    const { image, records } = this.#stacked;
    for (const layer of image.layers.slice(0, records.length)) {
      const { entries } = this.#record(layer.index);
      const known = this.#hashed[layer.index - 1] as Map<number, Digest>;
      const missing = places.filter((place) => place.layer === layer.index && this.digest(place) === undefined);
      const wanted = [...new Set(missing.map(({ index }) => index))];
      for (let start = 0; start < wanted.length; start += BODIES_AT_ONCE) {
        const batch = wanted.slice(start, start + BODIES_AT_ONCE);
        const ranges = batch.map((index) => ({ bodyOffset: entries.bodyOffset(index), size: entries.size(index) }));
        const where = `${image.reference}: layer ${layer.index}`;
        const found = await hashBodies(layer.at, ranges, { where, ...(signal && { signal }) });
        for (const [i, index] of batch.entries()) known.set(index, found[i] as Digest);
      }
    }
  }

  #layer(layer: number): Layer {
    return this.#stacked.image.layers[layer - 1] as Layer;
  }

  #record(layer: number): LayerRecord {
    return this.#stacked.records[layer - 1] as LayerRecord;
  }
}

function placeOf({ layer, index }: TreeFile): BodyPlace {
  return { layer, index };
}

function stateOf({ kind, entry, layer }: TreeFile): FileState {
  const { size, mode, uid, gid, mtime, link } = entry;
  return { kind, size, mode, uid, gid, mtime, ...(kind === 'symlink' && { link }), layer };
}
