import type { Image, Layer } from '../layers/image.ts';
import { LIMITS, type Limits } from '../layers/limits.ts';
import { compileGlobs } from '../layers/probes/globs.ts';
import { readBodies } from '../layers/read-bodies.ts';
import type { KeptBody, LayerRecord } from '../layers/record.ts';

export interface LinkedBodiesOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

/**
 * A scan keeps bodies by the name that stands before them in the tar. Where a wanted name is only a hard link to such a
 * body, as in pnpm's store beside the modules, or BusyBox under its four hundred names, the body is fetched here.
 * Gives the records with those bodies among their kept ones. What is over the bounds is left out and told.
 */
export async function withLinkedBodies(
  image: Image,
  records: readonly LayerRecord[],
  globs: readonly string[],
  options: LinkedBodiesOptions = {},
): Promise<LayerRecord[]> {
  const matches = compileGlobs(globs);
  return await Promise.all(
    records.map(async (record, index) => {
      const wanted = linkedEntries(record, matches);
      if (wanted.length === 0) return record;
      return await fetchBodies(image.layers[index] as Layer, record, wanted, options);
    }),
  );
}

/** Entries of files that a wanted hard link leads to and that were not kept, in the order of the tar. */
function linkedEntries({ entries, facts }: LayerRecord, matches: (path: string) => boolean): number[] {
  const targets = new Set<string>();
  for (let i = 0; i < entries.length; i++) {
    if (entries.kind(i) === 'hardlink' && matches(entries.path(i))) targets.add(entries.link(i));
  }
  if (targets.size === 0) return [];
  const kept = new Set((facts.keep as readonly KeptBody[] | undefined)?.map(({ entry }) => entry));
  const found: number[] = [];
  for (let i = 0; i < entries.length; i++) {
    if (entries.kind(i) === 'file' && targets.has(entries.path(i)) && !kept.has(i)) found.push(i);
  }
  return found;
}

async function fetchBodies(
  layer: Layer,
  record: LayerRecord,
  wanted: readonly number[],
  { limits = LIMITS, signal }: LinkedBodiesOptions,
): Promise<LayerRecord> {
  const kept = (record.facts.keep ?? []) as readonly KeptBody[];
  let room = limits.keptBytes - kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const problems: string[] = [];
  const fitting = wanted.filter((entry) => {
    const size = record.entries.size(entry);
    const fits = size <= limits.keptFileBytes && size <= room;
    if (fits) room -= size;
    else problems.push(`${record.entries.path(entry)}: not read: ${size} bytes are more than are kept`);
    return fits;
  });
  const ranges = fitting.map((entry) => record.entries.at(entry));
  const bodies = await readBodies(layer.at, ranges, { limits, ...(signal && { signal }) });
  const fetched = fitting.map((entry, index): KeptBody => ({ entry, bytes: bodies[index] as Uint8Array }));
  return {
    ...record,
    facts: { ...record.facts, keep: [...kept, ...fetched] },
    problems: [...record.problems, ...problems.slice(0, limits.problems)],
  };
}
