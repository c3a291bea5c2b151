import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { DlintError } from '../errors.ts';
import type { ByteSource } from '../layers/byte-source.ts';
import type { TreeFile, TreeView } from '../layers/image-tree.ts';
import type { CatalogProblem } from './catalog.ts';

/** Which paths count, as .gitignore files say. */
export interface IgnoreRules {
  /** `path` is relative to the root; a directory ends in a slash. */
  excludes(path: string): boolean;
  /** The rules below `directory`, which has a .gitignore of its own. */
  enter(directory: string): IgnoreRules;
}

export interface HostFilesOptions {
  /** Directories that are not entered. */
  readonly skips: (path: string, name: string) => boolean;
  readonly ignore?: IgnoreRules;
  /** Whether a file may be wanted; the others are left out, which keeps trees of projects small. */
  readonly wants?: (path: string) => boolean;
  readonly signal?: AbortSignal;
}

/** A folder of this machine as a tree, and the way to read the files in it. */
export interface HostFiles {
  readonly tree: TreeView;
  /** Files that are none of ours to read are told, once. */
  readonly problems: CatalogProblem[];
  /** Calls `use` with the bytes; undefined when the file cannot be read, or is no file any more. */
  read<T>(path: string, use: (bytes: ByteSource) => T): T | undefined;
}

const MAX_ENTRIES = 4_000_000;
const MAX_DEPTH = 200;
const MAX_PROBLEMS = 1000;

/**
 * Lists a folder. Links are entries and are never followed here: `fileView` follows them inside the tree, as in an image,
 * so nothing outside of it is ever reached. Devices, pipes and sockets are listed and not opened.
 * Throws `E_READ` where the folder itself cannot be listed; what is wrong below it is in `problems`.
 */
export function hostFiles(root: string, options: HostFilesOptions): HostFiles {
  const tree = new Map<string, TreeFile>();
  const problems: CatalogProblem[] = [];
  const problem = (path: string, error: unknown) => {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (problems.length < MAX_PROBLEMS) problems.push({ path, message: `not read: ${REASONS[code] ?? message}` });
  };
  walk(root, options, tree, problem);
  const sorted = [...tree.values()];
  return {
    tree: { get: (path) => tree.get(path), files: () => sorted },
    problems,
    read(path, use) {
      let fd: number | undefined;
      try {
        // A file may have become a link or a pipe since it was listed: the one is refused, the other does not block.
        fd = openSync(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
        const stat = fstatSync(fd);
        return stat.isFile() ? use(openFile(fd, stat.size)) : undefined;
      } catch (error) {
        problem(path, error);
        return undefined;
      } finally {
        if (fd !== undefined) closeSync(fd);
      }
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ELOOP: 'it is a link now',
  ENOENT: 'it is not there any more',
};

interface Folder {
  readonly path: string;
  readonly depth: number;
  readonly ignore: IgnoreRules | undefined;
}

function walk(
  root: string,
  { skips, ignore, wants, signal }: HostFilesOptions,
  tree: Map<string, TreeFile>,
  problem: (path: string, error: unknown) => void,
): void {
  const queue: Folder[] = [{ path: '', depth: 0, ignore }];
  for (let folder = queue.pop(); folder; folder = queue.pop()) {
    signal?.throwIfAborted();
    const { path: at, depth } = folder;
    let names: Dirent[];
    try {
      names = readdirSync(join(root, at), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (at === '') throw unreadable(root, error);
      problem(at, error);
      continue;
    }
    const rules = names.some(({ name }) => name === '.gitignore') ? folder.ignore?.enter(at) : folder.ignore;
    const below: Folder[] = [];
    for (const entry of names) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        if (skips(path, entry.name) || rules?.excludes(`${path}/`)) continue;
        if (depth >= MAX_DEPTH) problem(path, new Error(`more than ${MAX_DEPTH} folders deep`));
        else below.push({ path, depth: depth + 1, ignore: rules });
      } else if ((wants && !wants(path)) || rules?.excludes(path)) continue;
      if (tree.size >= MAX_ENTRIES) {
        problem(path, new Error(`the folder has more than ${MAX_ENTRIES} entries`));
        return;
      }
      const file = treeFile(root, path, entry);
      if (file) tree.set(path, file);
    }
    queue.push(...below.reverse());
  }
}

/** Of nothing at all a list would say that there is nothing. */
function unreadable(root: string, error: unknown): DlintError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new DlintError('E_READ', `the folder cannot be read: ${REASONS[code] ?? message}`, {
    where: root,
    hint: 'look at its permissions, or run as who may read it',
    cause: error,
  });
}

function treeFile(root: string, path: string, entry: Dirent): TreeFile | undefined {
  try {
    const kind = kindOf(entry);
    const stat = kind === 'file' ? lstatSync(join(root, path)) : undefined;
    const link = kind === 'symlink' ? readlinkSync(join(root, path)) : '';
    return {
      path,
      kind,
      entry: {
        path,
        kind,
        size: stat?.size ?? 0,
        mode: (stat?.mode ?? 0) & 0o7777,
        uid: 0,
        gid: 0,
        mtime: 0,
        link,
        bodyOffset: 0,
      },
      layer: 1,
      index: 0,
      since: 1,
    };
  } catch {
    // Gone since its folder was listed, or a name that is no UTF-8.
    return undefined;
  }
}

function kindOf(entry: Dirent): TreeFile['kind'] {
  if (entry.isDirectory()) return 'directory';
  if (entry.isFile()) return 'file';
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isCharacterDevice()) return 'character-device';
  return entry.isBlockDevice() ? 'block-device' : 'fifo';
}

function openFile(fd: number, size: number): ByteSource {
  return {
    size,
    slice(start, end) {
      const from = Math.min(Math.max(start, 0), size);
      const bytes = Buffer.allocUnsafeSlow(Math.max(Math.min(end, size) - from, 0));
      let got = 0;
      while (got < bytes.length) {
        const count = readSync(fd, bytes, got, bytes.length - got, from + got);
        if (count === 0) break;
        got += count;
      }
      return bytes.subarray(0, got);
    },
  };
}
