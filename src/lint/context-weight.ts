import type { DockerIgnore } from './dockerignore.ts';

/** How much a folder of the build context sends to the builder. */
export interface Weight {
  readonly files: number;
  readonly bytes: number;
}

export interface FolderWeight extends Weight {
  /** Relative to the root of the context. */
  readonly path: string;
}

export interface ContextWeight extends Weight {
  /** False: there are more files than are counted, so that all numbers are at least these. */
  readonly isComplete: boolean;
  /** The folders directly in it, largest first. */
  readonly folders: readonly FolderWeight[];
  /** The folders that were asked for, wherever they are, largest first; not those inside of another one. */
  readonly marked: readonly FolderWeight[];
}

export interface ContextEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Of a file; links and devices have no bytes. */
  bytes(): number;
}

/** What is directly in a folder (relative to the root, empty for the root itself); nothing when it cannot be read. */
export type ReadFolder = (path: string) => readonly ContextEntry[];

/** Asks whether a folder is to be told apart: its name, and the names beside and in it. */
export type FolderMark = (name: string, siblings: ReadonlySet<string>) => boolean;

/** No more files and folders than these are looked at, so that a context of millions keeps nobody waiting. */
const maxEntries = 50_000;

/** Comparisons of paths with patterns: many patterns mean fewer files. */
const maxComparisons = 5_000_000;

/** A counter in the making. */
interface Tally {
  readonly path: string;
  files: number;
  bytes: number;
}

interface Level {
  readonly path: string;
  readonly top?: Tally;
  readonly mark?: Tally;
}

/** Adds up what is below a folder and not ignored, level by level, so that what is near the root is always seen. */
export function weighFolder(
  start: string,
  read: ReadFolder,
  isMarked: FolderMark,
  ignore?: DockerIgnore,
): ContextWeight {
  const total: Tally = { path: start, files: 0, bytes: 0 };
  const folders: Tally[] = [];
  const marked: Tally[] = [];
  const limit = Math.min(maxEntries, Math.ceil(maxComparisons / Math.max(1, ignore?.patterns ?? 1)));
  const levels: Level[] = [{ path: start }];
  let seen = 0;
  let isComplete = true;
  for (let next = 0; next < levels.length && isComplete; next++) {
    const level = levels[next] ?? { path: start };
    const entries = read(level.path);
    const names = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      if (++seen > limit) {
        isComplete = false;
        break;
      }
      const path = level.path === '' ? entry.name : `${level.path}/${entry.name}`;
      if (ignore?.ignoredBy(path) !== undefined) continue;
      if (entry.kind === 'folder') {
        const top = level.top ?? tally(path, folders);
        const mark = level.mark ?? (isMarked(entry.name, names) ? tally(path, marked) : undefined);
        levels.push({ path, top, ...(mark ? { mark } : {}) });
        continue;
      }
      const bytes = entry.bytes();
      for (const each of [total, level.top, level.mark]) {
        if (!each) continue;
        each.files++;
        each.bytes += bytes;
      }
    }
  }
  return { files: total.files, bytes: total.bytes, isComplete, folders: bySize(folders), marked: bySize(marked) };
}

function tally(path: string, list: Tally[]): Tally {
  const made: Tally = { path, files: 0, bytes: 0 };
  list.push(made);
  return made;
}

function bySize(all: readonly Tally[]): FolderWeight[] {
  return all
    .filter(({ files }) => files > 0)
    .sort((a, b) => b.bytes - a.bytes || b.files - a.files || (a.path < b.path ? -1 : 1));
}
