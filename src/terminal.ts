import { fstatSync, statSync, writeSync } from 'node:fs';
import { DlintError } from './errors.ts';
import type { Style } from './report/style.ts';

/**
 * Standard output and standard error. Written with `writeSync`: `process.stdout` loads the net, tty and stream
 * modules, which takes longer than linting a file.
 */
export interface Terminal {
  readonly out: Style;
  readonly err: Style;
  /** True when a person looks at standard error: progress may be shown. */
  readonly interactive: boolean;
  /** Writes to standard output. A reader that went away (`| head`) is no error: the rest is dropped. */
  print(pieces: Iterable<string>): void;
  /** Writes bytes to standard output as they are. False when the reader has gone. */
  printBytes(bytes: Uint8Array): boolean;
  /** Writes to standard error; never throws. */
  warn(text: string): void;
}

export function openTerminal(noColor: boolean): Terminal {
  const out = describe(1, noColor);
  const err = describe(2, noColor);
  let _isOpen = true;
  return {
    out: out.style,
    err: err.style,
    interactive: err.isTerminal && process.env.TERM !== 'dumb' && !process.env.CI,
    print(pieces) {
      for (const chunk of gather(pieces)) _isOpen &&= write(1, chunk);
    },
    printBytes(bytes) {
      _isOpen &&= write(1, bytes);
      return _isOpen;
    },
    warn(text) {
      try {
        write(2, text);
      } catch {
        // Nobody is left to tell.
      }
    },
  };
}

/** Puts small pieces together, so that a report of 100,000 lines is not 100,000 writes. */
export function* gather(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= 0x1_0000) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** False when the reader has gone. */
function write(fd: number, text: string | Uint8Array): boolean {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return false;
      // A pipe that another program made non-blocking, and that is full.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      else
        throw new DlintError('E_WRITE', `cannot write to ${fd === 1 ? 'standard output' : 'standard error'}`, {
          where: (error as Error).message,
          cause: error,
        });
    }
  }
  return true;
}

function describe(fd: number, noColor: boolean): { style: Style; isTerminal: boolean } {
  const stream = isTerminal(fd) ? (fd === 1 ? process.stdout : process.stderr) : undefined;
  const width = stream?.columns ?? Number(process.env.COLUMNS ?? Number.NaN);
  return {
    style: {
      color: !noColor && wantsColor(process.env, stream !== undefined),
      width: width >= 40 ? Math.min(width, 160) : 100,
    },
    isTerminal: stream !== undefined,
  };
}

/** FORCE_COLOR before NO_COLOR before what the stream is, as in Node's own `tty`. */
function wantsColor(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env.NO_COLOR) return false;
  return isTerminal && env.TERM !== 'dumb';
}

/** Windows has its NUL elsewhere, and tells by `isTTY`. */
function isNull(device: number): boolean {
  return process.platform !== 'win32' && device === statSync('/dev/null').rdev;
}

/** Asks the tty module only of character devices other than /dev/null: loading it takes 4 ms. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    if (!stat.isCharacterDevice() || isNull(stat.rdev)) return false;
    return (fd === 1 ? process.stdout : process.stderr).isTTY === true;
  } catch {
    return false;
  }
}
