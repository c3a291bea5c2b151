import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DlintError } from './errors.ts';
import { gather } from './terminal.ts';

/** A Dockerfile above this is not one that a person wrote. */
const maxDockerfileBytes = 8 * 1024 * 1024;
const blockBytes = 0x1_0000;
const pollMs = 5;
/** How long a named pipe may have no writer: one that is started beside dlint may come later. */
const writerPatienceMs = 10_000;

export interface DockerfileText {
  readonly text: string;
  /** False when bytes that are not UTF-8 were replaced: then the file must not be written back. */
  readonly isExact: boolean;
  /** False for a pipe or a device: what is written there is lost. */
  readonly isFile: boolean;
}

/**
 * Reads a Dockerfile; `-` is standard input.
 * @throws DlintError E_NOT_FOUND, E_READ, E_BINARY, E_TOO_LARGE
 */
export function readDockerfile(path: string): DockerfileText {
  const { bytes, isFile } =
    path === '-' ? { bytes: readDescriptor(0, 'standard input'), isFile: false } : readPath(path);
  const name = path === '-' ? 'standard input' : path;
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    throw new DlintError('E_BINARY', `${name} is not a text file`, {
      where: `a NUL byte at offset ${nul}`,
      hint: startsLikeUtf16(bytes)
        ? `it looks like UTF-16; convert it: iconv -f UTF-16 -t UTF-8`
        : 'dlint lint reads Dockerfiles; for an image archive: dlint inspect',
    });
  }
  return { text: bytes.toString('utf8'), isExact: isUtf8(bytes), isFile };
}

function startsLikeUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function readPath(path: string): { readonly bytes: Buffer; readonly isFile: boolean } {
  let fd: number;
  try {
    // Opening a named pipe without a writer would wait for ever.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw readFailure(path, error);
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory())
      throw new DlintError('E_READ', `${path} is a directory`, {
        where: resolve(path),
        hint: `give the file in it, e.g. ${path.replace(/\/+$/, '')}/Dockerfile`,
      });
    const bytes = stat.isFIFO() ? readPipe(fd, path) : readDescriptor(fd, path, stat.size);
    return { bytes, isFile: stat.isFile() };
  } finally {
    closeSync(fd);
  }
}

/** A pipe that nobody has opened for writing reads as if it had ended; the shell has opened both ends of `<(…)`. */
function readPipe(fd: number, path: string): Buffer {
  const last = Date.now() + writerPatienceMs;
  const isOpen = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/)/.test(path);
  for (;;) {
    const bytes = readDescriptor(fd, path);
    if (isOpen || bytes.length > 0) return bytes;
    if (Date.now() >= last) break;
    sleep();
  }
  throw new DlintError('E_READ', `nothing came through the pipe ${path}`, {
    where: resolve(path),
    hint: `does a program write into it? dlint waited ${writerPatienceMs / 1000} seconds`,
  });
}

/** `expected` is how many bytes there may be; reading goes on to the end, wherever that is. */
function readDescriptor(fd: number, name: string, expected = blockBytes): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  // One more byte than expected, so that the end is met without another block.
  let chunk = Buffer.allocUnsafe(Math.min(expected + 1, blockBytes));
  let filled = 0;
  for (;;) {
    const count = readSome(fd, chunk, filled, name);
    if (count === 0) break;
    filled += count;
    total += count;
    if (total > maxDockerfileBytes) {
      throw new DlintError('E_TOO_LARGE', `${name} is larger than ${maxDockerfileBytes / 1024 / 1024} MiB`, {
        where: `${name}, byte ${maxDockerfileBytes}`,
        hint: 'dlint lint reads Dockerfiles; for an image archive: dlint inspect',
      });
    }
    if (filled < chunk.length) continue;
    chunks.push(chunk);
    chunk = Buffer.allocUnsafe(blockBytes);
    filled = 0;
  }
  const last = chunk.subarray(0, filled);
  return chunks.length === 0 ? last : Buffer.concat([...chunks, last]);
}

/** 0 at the end. */
function readSome(fd: number, chunk: Buffer, at: number, name: string): number {
  for (;;) {
    try {
      return readSync(fd, chunk, at, chunk.length - at, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw readFailure(name, error);
      sleep();
    }
  }
}

function sleep(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
}

/** What a failed system call on `path` means to the user. */
export function readFailure(path: string, error: unknown): DlintError {
  const { code, message } = error as NodeJS.ErrnoException;
  const at = { where: resolve(path), cause: error };
  // A folder lists such a name with a mark in it, under which nothing can be opened.
  if (code === 'ENOENT' && path.includes('\uFFFD')) {
    return new DlintError('E_READ', `the name of ${path} is not UTF-8`, { ...at, hint: 'rename it' });
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DlintError('E_NOT_FOUND', `${path} does not exist`, at);
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = `check who may read it: ls -ld ${path}`;
    return new DlintError('E_READ', `no permission to read ${path}`, { ...at, hint });
  }
  if (code === 'ENXIO')
    return new DlintError('E_READ', `${path} is a socket or a device that is not there`, {
      ...at,
      hint: 'give a file',
    });
  if (code === 'ENAMETOOLONG')
    return new DlintError('E_READ', 'no file has so long a name', {
      where: path,
      hint: 'check the path',
      cause: error,
    });
  if (code === 'ELOOP')
    return new DlintError('E_READ', `${path} is a symbolic link that leads to itself`, {
      ...at,
      hint: `ls -l ${path}`,
    });
  return new DlintError('E_READ', `cannot read ${path}`, { where: message, cause: error });
}

/**
 * Writes a file so that it is either the old one or the new one, never half: a temporary file beside it, renamed.
 * Mode and, where that is allowed, owner are kept, a symbolic link stays one (its target is replaced); devices and pipes
 * are written directly.
 * @throws DlintError E_WRITE
 */
export function writeFile(path: string, pieces: Iterable<string>): void {
  try {
    const target = existing(path);
    if (target && !target.isFile) {
      writeAll(openSync(path, 'w'), pieces);
      return;
    }
    const real = target?.path ?? path;
    const temporary = `${dirname(real)}/.dlint-${process.pid}-${Date.now().toString(36)}`;
    try {
      const fd = openSync(temporary, 'wx', 0o666);
      if (target) keepOwner(fd, target);
      writeAll(fd, pieces);
      renameSync(temporary, real);
    } catch (error) {
      remove(temporary);
      throw error;
    }
  } catch (error) {
    throw isSystemError(error) ? writeFailure(path, error) : error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** Without the name of the temporary file, which nobody knows. */
function writeFailure(path: string, error: NodeJS.ErrnoException): DlintError {
  const folder = dirname(resolve(path));
  const where = error.message.replace(/^(\w+: [^,]*), .*$/s, '$1');
  const hint: Readonly<Record<string, string>> = {
    ENOENT: `mkdir -p ${dirname(path)}`,
    EISDIR: `it is a folder: name a file in it, e.g. ${path.replace(/\/$/, '')}/report`,
    EACCES: `check who may write there: ls -ld ${folder}`,
    EROFS: 'write to another place: that file system is read-only',
    ENOSPC: `make room: df -h ${folder}`,
  };
  return new DlintError('E_WRITE', `cannot write ${path}`, {
    where: `${resolve(path)}: ${where}`,
    ...(hint[error.code ?? ''] !== undefined && { hint: hint[error.code ?? ''] as string }),
    cause: error,
  });
}

interface Target {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly isFile: boolean;
}

function existing(path: string): Target | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const { uid, gid } = stat;
  return { path: realpathSync(path), mode: stat.mode & 0o7777, uid, gid, isFile: stat.isFile() };
}

/** What root repairs in a mounted folder stays its owner's. Changing the owner clears setuid, so the mode comes last. */
function keepOwner(fd: number, { mode, uid, gid }: Target): void {
  try {
    fchownSync(fd, uid, gid);
  } catch {
    // Only root may give a file away.
  }
  fchmodSync(fd, mode);
}

function writeAll(fd: number, pieces: Iterable<string>): void {
  try {
    for (const chunk of gather(pieces)) {
      const bytes = Buffer.from(chunk);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    }
  } finally {
    closeSync(fd);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or the directory is gone with it.
  }
}
