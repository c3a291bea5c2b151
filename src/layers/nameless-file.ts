import { randomUUID } from 'node:crypto';
import { openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DlintError } from '../errors.ts';

/**
 * A temporary file, open, and already removed: nothing is left behind however the process ends.
 * @returns its descriptor
 * @throws DlintError E_WRITE
 */
export function openNameless(): number {
  const path = join(tmpdir(), `dlint-${randomUUID()}`);
  const fd = attempt(() => openSync(path, 'wx+', 0o600));
  try {
    unlinkSync(path);
  } catch {
    // Windows keeps an open file's name; its temporary folder is cleaned by others.
  }
  return fd;
}

/**
 * Writes all of a chunk at its place.
 * @throws DlintError E_WRITE
 */
export function writeNameless(fd: number, chunk: Uint8Array, position: number): void {
  attempt(() => {
    for (let done = 0; done < chunk.length; ) {
      done += writeSync(fd, chunk, done, chunk.length - done, position + done);
    }
  });
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new DlintError('E_WRITE', 'a temporary file cannot be written', {
      where: `${tmpdir()}: ${(error as Error).message}`,
      hint: 'set TMPDIR to a folder with room that may be written to',
      cause: error,
    });
  }
}
