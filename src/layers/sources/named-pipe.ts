import { closeSync, constants, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DlintError } from '../../errors.ts';
import { readError } from './read-head.ts';
import { readOpenPipe } from './standard-input.ts';

const BLOCK = 64 * 1024;
const POLL_MS = 10;
/** A writer that is started beside dlint may come later. */
const WRITER_PATIENCE_MS = 10_000;

/**
 * The bytes of a pipe that has a name, such as `/dev/fd/63` or one made by mkfifo. It is opened without waiting: opening
 * one that nobody writes into would never end. A chunk is valid until the next one is asked for. Errors come from the
 * iteration: `E_READ`, `E_NOT_AN_IMAGE` where no writer comes.
 */
export async function* readPipe(path: string, patienceMs = WRITER_PATIENCE_MS): AsyncGenerator<Buffer> {
  const fd = open(path);
  const first = await firstBytes(fd, path, patienceMs).catch((error: unknown) => {
    closeSync(fd);
    throw error;
  });
  const rest = readOpenPipe(fd);
  let isRead = false;
  try {
    yield first;
    isRead = true;
    yield* rest;
  } finally {
    if (!isRead) closeSync(fd);
  }
}

function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw readError(error, path);
  }
}

/** A pipe that nobody has opened for writing reads as if it had ended. */
async function firstBytes(fd: number, path: string, patienceMs: number): Promise<Buffer> {
  const block = Buffer.allocUnsafe(BLOCK);
  const last = Date.now() + patienceMs;
  // The shell opens both ends of <(…) before dlint is started.
  let wasOpen = /^\/(?:dev\/fd|proc)\//.test(path);
  for (;;) {
    const count = tryToRead(fd, block, path);
    if (count === undefined) wasOpen = true;
    else if (count > 0) return block.subarray(0, count);
    else if (wasOpen) throw nothing(path, 'see whether the program that writes into it failed');
    else if (Date.now() >= last) {
      throw nothing(path, `does a program write into it? dlint waited ${patienceMs / 1000} seconds`);
    }
    await sleep(POLL_MS);
  }
}

function nothing(where: string, hint: string): DlintError {
  return new DlintError('E_NOT_AN_IMAGE', 'nothing came through the pipe', { where, hint });
}

/** 0 without a writer, undefined where there is one that has written nothing yet. */
function tryToRead(fd: number, block: Buffer, path: string): number | undefined {
  try {
    return readSync(fd, block, 0, block.length, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw readError(error, path);
  }
}
