import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';

/** What a pipe holds on Linux is 64 KiB by default, 1 MiB at most. */
const CHUNK = 256 * 1024;

/**
 * Standard input from here to its end. A chunk is valid until the next one is asked for: a pipe is read into one buffer,
 * which for gigabytes saves the making and collecting of ten thousands.
 */
export function readStandardInput(): AsyncIterable<Buffer> {
  return process.platform !== 'win32' && isPipe() ? readOpenPipe(0) : process.stdin;
}

function isPipe(): boolean {
  try {
    return fstatSync(0).isFIFO();
  } catch {
    // It is closed.
    return false;
  }
}

/** A pipe that is open, to its end, and then closed. A chunk is valid until the next one is asked for. */
export async function* readOpenPipe(fd: number): AsyncGenerator<Buffer> {
  let taken: Buffer | undefined;
  let isEnded = false;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const onread = {
    buffer: Buffer.allocUnsafeSlow(CHUNK),
    // False pauses.
    callback(count: number, buffer: Uint8Array): boolean {
      taken = Buffer.from(buffer.buffer, buffer.byteOffset, count);
      wake();
      return false;
    },
  };
  // The types know `onread` for what is connected only.
  const options = { fd, readable: true, writable: false, onread };
  const pipe = new Socket(options);
  pipe.on('error', (error) => {
    failure = error;
    wake();
  });
  pipe.on('close', () => {
    isEnded = true;
    wake();
  });
  try {
    while (!isEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        pipe.resume();
      });
      if (failure) throw failure;
      if (taken) yield taken;
      taken = undefined;
    }
  } finally {
    pipe.destroy();
  }
}
