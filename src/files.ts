import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DlintError } from './errors.ts';
import { gather } from './terminal.ts';

/** A Dockerfile above this is not one that a person wrote. */
export const maxDockerfileBytes = 8 * 1024 * 1024;

export interface DockerfileText {
  readonly text: string;
  /** False when bytes that are not UTF-8 were replaced: then the file must not be written back. */
  readonly isExact: boolean;
}

/**
 * Reads a Dockerfile; `-` is standard input.
 * @throws DlintError E_NOT_FOUND, E_READ, E_BINARY, E_TOO_LARGE
 */
export function readDockerfile(path: string): DockerfileText {
  const bytes = path === '-' ? readDescriptor(0, 'standard input') : readPath(path);
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
  return { text: bytes.toString('utf8'), isExact: isUtf8(bytes) };
}

function startsLikeUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function readPath(path: string): Buffer {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw readFailure(path, error);
  }
  try {
    if (fstatSync(fd).isDirectory()) throw new DlintError('E_READ', `${path} is a directory`, { where: path });
    return readDescriptor(fd, path);
  } finally {
    closeSync(fd);
  }
}

function readDescriptor(fd: number, name: string): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(0x1_0000);
    let count: number;
    try {
      count = readSync(fd, chunk);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EOF') break;
      if (code !== 'EAGAIN') throw readFailure(name, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      continue;
    }
    if (count === 0) break;
    total += count;
    if (total > maxDockerfileBytes) {
      throw new DlintError('E_TOO_LARGE', `${name} is larger than ${maxDockerfileBytes / 1024 / 1024} MiB`, {
        hint: 'dlint lint reads Dockerfiles; for an image archive: dlint inspect',
      });
    }
    chunks.push(chunk.subarray(0, count));
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** What a failed system call on `path` means to the user. */
export function readFailure(path: string, error: unknown): DlintError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new DlintError('E_NOT_FOUND', `${path} does not exist`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM')
    return new DlintError('E_READ', `no permission to read ${path}`, { cause: error });
  if (code === 'ELOOP')
    return new DlintError('E_READ', `${path} is a symbolic link that leads to itself`, { cause: error });
  return new DlintError('E_READ', `cannot read ${path}`, { where: message, cause: error });
}

/**
 * Writes a file so that it is either the old one or the new one, never half: a temporary file beside it, renamed.
 * The mode is kept, a symbolic link stays one (its target is replaced); devices and pipes are written directly.
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
      if (target) fchmodSync(fd, target.mode);
      writeAll(fd, pieces);
      renameSync(temporary, real);
    } catch (error) {
      remove(temporary);
      throw error;
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || 'hint' in error) throw error;
    throw new DlintError('E_WRITE', `cannot write ${path}`, {
      where: error.message,
      ...(error.code === 'ENOENT' && { hint: `mkdir -p ${dirname(path)}` }),
      cause: error,
    });
  }
}

function existing(path: string): { path: string; mode: number; isFile: boolean } | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && { path: realpathSync(path), mode: stat.mode & 0o7777, isFile: stat.isFile() };
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
