import type { Digest } from '../report/finding.ts';
import { answerOnce } from './body-answers.ts';
import type { Image } from './image.ts';
import type { BodyPlace, StackedTree } from './image-tree.ts';
import { type LiveContents, unhashed } from './live-copies.ts';
import { hashBodies } from './read-bodies.ts';
import type { LayerRecord } from './record.ts';
import type { RecordCache } from './record-cache.ts';

/** Smaller files are not worth a line, and there are many of them. */
const LEAST = 64 * 1024;

/**
 * Reads what is needed to know which larger files of the final image have equal contents, and which files a layer only
 * moved: nothing where the records
 * hold digests, else the bodies of equal size, within a bound.
 */
export async function liveContents(
  image: Pick<Image, 'reference' | 'layers'>,
  records: readonly LayerRecord[],
  tree: StackedTree,
  { signal, cache }: { readonly signal?: AbortSignal; readonly cache?: RecordCache } = {},
): Promise<LiveContents> {
  const known = new Map<string, string>();
  const live = knownContents(records, tree, known);
  const { groups, moves, digestOf } = live;
  const movable = moves.map(({ removed, added }) => [...removed, ...added]);
  const wanted = unhashed([...groups, ...movable], digestOf);
  for (const layer of image.layers) {
    const bodies = wanted.filter((body) => body.layer === layer.index);
    if (bodies.length === 0) continue;
    const { entries } = records[layer.index - 1] as LayerRecord;
    const ranges = bodies.map(({ index, size }) => ({ bodyOffset: entries.bodyOffset(index), size }));
    const where = `${image.reference}: layer ${layer.index}`;
    const digests = await answerOnce(cache, {
      name: 'digests',
      layers: [layer],
      asked: Float64Array.from(bodies, ({ index }) => index),
      isAnswer: (value): value is Digest[] => Array.isArray(value) && value.length === bodies.length,
      find: () => hashBodies(layer.at, ranges, { where, ...(signal && { signal }) }),
    });
    for (const [i, { index }] of bodies.entries()) known.set(`${layer.index}/${index}`, digests[i] as string);
  }
  return live;
}

/** The same without reading anything: `known` has the digests of bodies that the records do not have, by layer/index. */
export function knownContents(
  records: readonly LayerRecord[],
  tree: StackedTree,
  known: ReadonlyMap<string, string>,
): LiveContents {
  const digestOf = ({ layer, index }: BodyPlace) =>
    records[layer - 1]?.entries.digest(index) ?? known.get(`${layer}/${index}`);
  return { groups: tree.liveOfOneSize(LEAST), moves: tree.moveCandidates(), digestOf, known };
}
