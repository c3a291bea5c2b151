import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { DlintError } from '../errors.ts';
import type { Entry } from './entry.ts';
import type { TreeFile } from './image-tree.ts';
import { encodePath, hasEscapes } from './path.ts';

export interface HostOptions {
  /** What stands in the way gives way, directories excepted. */
  readonly force: boolean;
  /** Keep the bits that run a program as its owner or group. */
  readonly setuid: boolean;
}

const PERMISSIONS = 0o777;
const STICKY = 0o1000;
const SET_IDS = 0o6000;

/** What an error of the host says about one path; of others, e.g. a full disk, nothing can be gone on from. */
const OF_ONE_PATH: Readonly<Record<string, string>> = {
  EEXIST: 'something else is there: on this file system two names may be the same',
  EISDIR: 'a directory is there',
  ENAMETOOLONG: 'the name, or the path, is too long for this file system',
  EILSEQ: 'the name is not allowed on this file system',
  EINVAL: 'the name is not allowed on this file system',
  ERR_INVALID_ARG_VALUE: 'the name is not allowed on this file system',
  ENOTDIR: 'its parent is no directory here',
  ENOENT: 'its parent is not here',
  ELOOP: 'a symbolic link is in the way',
  EMLINK: 'more hard links than this file system takes',
  EACCES: 'no permission',
  EPERM: 'this file system does not allow it',
};

/**
 * Makes the paths of an image below one folder of this machine, and nothing outside of it. Directories are made before
 * all else and are looked at when they are there already, files are opened only if they are new and are no links, and
 * symbolic links come last: so no path leads through one. The first error of a path is thrown as `HostProblem`.
 */
export class HostTree {
  readonly #root: string;
  readonly #options: HostOptions;
  readonly #umask = process.umask();
  /** Directories of the image that could not be made, those below them included: something else may be there. */
  readonly #blocked = new Set<string>();

  /** @param root an existing folder */
  constructor(root: string, options: HostOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** For the time being it belongs to us alone: `finish` gives it its mode. */
  makeDirectory(path: string): void {
    try {
      this.#act(path, (place) => this.#makeDirectory(place));
    } catch (error) {
      this.#blocked.add(path);
      throw error;
    }
  }

  #makeDirectory(place: string | Buffer): void {
    try {
      mkdirSync(place, 0o700);
    } catch (error) {
      if (!this.#options.force || codeOf(error) !== 'EEXIST') throw error;
      if (lstatSync(place).isDirectory()) return;
      unlinkSync(place);
      mkdirSync(place, 0o700);
    }
  }

  /** Opens a new file for writing. */
  createFile(path: string, { mode }: Entry): number {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    return this.#act(path, (place) => {
      this.#makeRoom(place);
      return openSync(place, flags, mode & PERMISSIONS);
    });
  }

  /** Gives a written file its time and, where wanted, its setuid bits, and closes it. */
  closeFile(fd: number, { mode, mtime }: Entry): void {
    try {
      // Writing takes these bits away, so they come last.
      if (this.#options.setuid && (mode & SET_IDS) !== 0) fchmodSync(fd, mode & ~this.#umask);
      ignoring(() => futimesSync(fd, mtime, mtime));
    } finally {
      closeSync(fd);
    }
  }

  link(existing: string, path: string): void {
    const from = this.#place(existing);
    this.#act(path, (place) => {
      this.#makeRoom(place);
      linkSync(from, place);
    });
  }

  symlink(path: string, { link, mtime }: Entry): void {
    this.#act(path, (place) => {
      this.#makeRoom(place);
      symlinkSync(process.platform === 'win32' ? link : Buffer.from(encodePath(link)), place);
      ignoring(() => lutimesSync(place, mtime, mtime));
    });
  }

  /** The mode and time of a directory when nothing more will be made in it. Its owner can always go in and clean up. */
  finishDirectory(path: string, { mode, mtime }: Entry): void {
    this.#act(path, (place) => {
      chmodSync(place, ((mode & (PERMISSIONS | STICKY)) | 0o700) & ~this.#umask);
      ignoring(() => utimesSync(place, mtime, mtime));
    });
  }

  /** Node cannot make devices and fifos; mknod(1) can, fifos for everybody. */
  makeSpecial({ path, kind, entry: { mode, device } }: TreeFile): void {
    this.#act(path, (place) => {
      if (hasEscapes(path)) throw new HostProblem(path, 'a device whose name is no UTF-8 cannot be made');
      this.#makeRoom(place);
      const letter = kind === 'character-device' ? 'c' : kind === 'block-device' ? 'b' : 'p';
      const numbers = letter === 'p' ? [] : [String(device?.major ?? 0), String(device?.minor ?? 0)];
      const permissions = (mode & PERMISSIONS & ~this.#umask).toString(8);
      const words = ['-m', permissions, '--', join(this.#root, path), letter, ...numbers];
      const { status, stderr, error } = spawnSync('mknod', words, { encoding: 'utf8' });
      if (status !== 0) throw new HostProblem(path, error?.message ?? stderr.trim().split('\n')[0] ?? 'mknod failed');
    });
  }

  #makeRoom(place: string | Buffer): void {
    if (!this.#options.force) return;
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
    if (stat) unlinkSync(place);
  }

  #act<T>(path: string, action: (place: string | Buffer) => T): T {
    const problem = unfitName(path, process.platform);
    if (problem !== undefined) throw new HostProblem(path, problem);
    if (this.#blocked.has(path.slice(0, Math.max(0, path.lastIndexOf('/'))))) {
      throw new HostProblem(path, 'its directory could not be made');
    }
    try {
      return action(this.#place(path));
    } catch (error) {
      if (error instanceof HostProblem) throw error;
      const reason = OF_ONE_PATH[codeOf(error)];
      if (reason !== undefined) throw new HostProblem(path, reason);
      throw new DlintError('E_WRITE', 'the image cannot be extracted', {
        where: `${this.#root}: ${(error as Error).message}`,
        hint: 'what was extracted so far is still there',
        cause: error,
      });
    }
  }

  /** Bytes as the image has them, where the host takes bytes. */
  #place(path: string): string | Buffer {
    if (process.platform === 'win32') return join(this.#root, path);
    return Buffer.concat([Buffer.from(`${this.#root}/`), encodePath(path)]);
  }
}

/** One path cannot be made here; the others can. */
export class HostProblem extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = 'HostProblem';
    this.path = path;
  }
}

// Microsoft, "Naming Files, Paths, and Namespaces".
const WINDOWS_UNFIT =
  /[<>:"|?*\\\x00-\x1f]|[. ]$|^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/** Why the host's paths cannot hold a name of the path; undefined when they can. */
export function unfitName(path: string, platform: string): string | undefined {
  if (path.includes('\0')) return 'the name has a NUL character';
  if (path.split('/').some((name) => name === '' || name === '.' || name === '..'))
    return 'not a path inside the image';
  if (platform === 'win32' && path.split('/').some((name) => WINDOWS_UNFIT.test(name))) {
    return 'the name is not allowed on Windows';
  }
  return undefined;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** Times that the file system cannot hold are no reason to give up. */
function ignoring(action: () => void): void {
  try {
    action();
  } catch {
    // The file is there all the same.
  }
}
