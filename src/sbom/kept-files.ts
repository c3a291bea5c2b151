import type { TreeFile } from '../layers/image-tree.ts';
import type { Reading } from '../layers/probes/read.ts';
import type { KeptBody, LayerRecord } from '../layers/record.ts';

/** The bodies that scans of an image's layers kept, and where in any of its trees they may be found. */
export interface KeptFiles {
  /** The body of a file of a tree made from these records, when it was kept. */
  readonly body: (file: TreeFile) => Uint8Array | undefined;
  /** What readers made of a file of a tree made from these records. */
  readonly readings: (file: TreeFile) => readonly Reading[];
  /** Paths of kept and of read bodies and of hard links to them. */
  readonly paths: ReadonlySet<string>;
  /** Whether layer `n` (1-based) may have changed what stands at any of the paths, or what leads there. */
  readonly touchedBy: (layer: number) => boolean;
}

/**
 * Reads the facts of the probes `keep` and `read` in the records of an image, lowest layer first.
 * @param folders those whose names matter, kept bodies or not
 */
export function keptFiles(records: readonly LayerRecord[], folders: readonly string[] = []): KeptFiles {
  const bodies = records.map(
    ({ facts }) => new Map((facts.keep as readonly KeptBody[] | undefined)?.map(({ entry, bytes }) => [entry, bytes])),
  );
  const readings = records.map(
    ({ facts }) =>
      new Map((facts.read as readonly (readonly Reading[])[] | undefined)?.map((all) => [all[0]?.entry ?? -1, all])),
  );
  const paths = new Set<string>();
  records.forEach(({ entries }, index) => {
    for (const entry of bodies[index]?.keys() ?? []) paths.add(entries.path(entry));
    for (const entry of readings[index]?.keys() ?? []) paths.add(entries.path(entry));
  });
  for (const { entries } of records) {
    for (let i = 0; i < entries.length; i++) {
      if (entries.kind(i) === 'hardlink' && paths.has(entries.link(i))) paths.add(entries.path(i));
    }
  }
  const ways = withParents(paths);
  const touched = records.map(
    ({ entries }, index) =>
      (bodies[index]?.size ?? 0) + (readings[index]?.size ?? 0) > 0 || reaches(entries, ways, paths, folders),
  );
  return {
    body: ({ layer, index }) => bodies[layer - 1]?.get(index),
    readings: ({ layer, index }) => readings[layer - 1]?.get(index) ?? [],
    paths,
    touchedBy: (layer) => touched[layer - 1] ?? false,
  };
}

/** A directory listed again changes nothing on the way to a path; anything else there may. */
function reaches(
  entries: LayerRecord['entries'],
  ways: ReadonlySet<string>,
  paths: ReadonlySet<string>,
  folders: readonly string[],
): boolean {
  for (let i = 0; i < entries.length; i++) {
    const kind = entries.kind(i);
    // A symlink anywhere may be the way to a file that another path names (`usr/share/doc/x`).
    if (kind === 'symlink') return true;
    const path = entries.path(i);
    if ((kind === 'directory' ? paths : ways).has(path)) return true;
    if (folders.some((folder) => path.startsWith(`${folder}/`))) return true;
  }
  return false;
}

function withParents(paths: ReadonlySet<string>): Set<string> {
  const all = new Set(paths);
  for (const path of paths) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const parent = path.slice(0, cut);
      if (all.has(parent)) break;
      all.add(parent);
    }
  }
  return all;
}
