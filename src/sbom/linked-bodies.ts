import type { Image, Layer } from '../layers/image.ts';
import { LIMITS, type Limits } from '../layers/limits.ts';
import { compileGlobs } from '../layers/probes/globs.ts';
import { readBodies } from '../layers/read-bodies.ts';
import type { KeptBody, LayerRecord } from '../layers/record.ts';

export interface LinkedBodiesOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
}

/** Bodies that the catalogers need and the scan did not keep. */
interface LinkedBodies {
  /** Entries of those that fit into the bounds. */
  readonly fitting: readonly number[];
  /** What is told of the others. */
  readonly problems: readonly string[];
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
  { limits = LIMITS, signal }: LinkedBodiesOptions = {},
): Promise<LayerRecord[]> {
  const matches = compileGlobs(globs);
  return await Promise.all(
    records.map(async (record, index) => {
      const { fitting, problems } = linkedBodies(record, matches, limits);
      if (fitting.length + problems.length === 0) return record;
      const ranges = fitting.map((entry) => record.entries.at(entry));
      const { at } = image.layers[index] as Layer;
      const bodies = await readBodies(at, ranges, { limits, ...(signal && { signal }) });
      const fetched = fitting.map((entry, i): KeptBody => ({ entry, bytes: bodies[i] as Uint8Array }));
      return withKept(record, fetched, problems, limits);
    }),
  );
}

/** @param matches whether catalogers want a path */
export function linkedBodies(record: LayerRecord, matches: (path: string) => boolean, limits: Limits): LinkedBodies {
  const wanted = linkedEntries(record, matches);
  if (wanted.length === 0) return { fitting: [], problems: [] };
  let room = limits.keptBytes - keptOf(record).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const problems: string[] = [];
  const fitting = wanted.filter((entry) => {
    const size = record.entries.size(entry);
    const fits = size <= limits.keptFileBytes && size <= room;
    if (fits) room -= size;
    else problems.push(`${record.entries.path(entry)}: not read: ${size} bytes are more than are kept`);
    return fits;
  });
  return { fitting, problems };
}

/** The record with more kept bodies, and more problems. */
export function withKept(
  record: LayerRecord,
  fetched: readonly KeptBody[],
  problems: readonly string[],
  limits: Limits,
): LayerRecord {
  return {
    ...record,
    facts: { ...record.facts, keep: [...keptOf(record), ...fetched] },
    problems: [...record.problems, ...problems.slice(0, limits.problems)],
  };
}

/** Entries of files that a wanted hard link leads to and that were not kept, in the order of the tar. */
function linkedEntries(record: LayerRecord, matches: (path: string) => boolean): number[] {
  const { entries } = record;
  const targets = new Set<string>();
  for (let i = 0; i < entries.length; i++) {
    if (entries.kind(i) === 'hardlink' && matches(entries.path(i))) targets.add(entries.link(i));
  }
  if (targets.size === 0) return [];
  const kept = new Set(keptOf(record).map(({ entry }) => entry));
  const found: number[] = [];
  for (let i = 0; i < entries.length; i++) {
    if (entries.kind(i) === 'file' && targets.has(entries.path(i)) && !kept.has(i)) found.push(i);
  }
  return found;
}

function keptOf({ facts }: LayerRecord): readonly KeptBody[] {
  return (facts.keep ?? []) as readonly KeptBody[];
}
