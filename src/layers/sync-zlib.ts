import zlib from 'node:zlib';

const OUTPUT = 256 * 1024;
const NO_FLUSH = zlib.constants.Z_NO_FLUSH;

/** What Node's zlib streams hold inside, as of Node 20 to 26. */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Buffer,
    at: number,
    length: number,
    output: Buffer,
    start: number,
    room: number,
  ): void;
  reset(): void;
  close(): void;
}

export interface ZlibFailure {
  readonly message: string;
  readonly code: string;
}

/**
 * A decompressor that is called, instead of being waited for: Node's own handle, with one output buffer that is used
 * over and over. Twice as fast as the stream around it, and it leaves the loop to its caller. The handle is internal to
 * Node, so `syncZlib` first tries it out.
 */
export class SyncZlib {
  readonly #handle: Handle;
  /** Room left in the output, input not taken: written by the handle. */
  readonly #left: Uint32Array;
  readonly #output = Buffer.allocUnsafeSlow(OUTPUT);
  #failure: ZlibFailure | undefined;

  constructor(handle: Handle, left: Uint32Array) {
    this.#handle = handle;
    this.#left = left;
    handle.onerror = (message, _errno, code) => {
      this.#failure = { message, code };
    };
  }

  /**
   * Decompresses `input`; output is passed on as it comes, in a buffer that is used again. Returns the bytes of input
   * that were not taken because the data ended before them, or what went wrong.
   */
  write(input: Buffer, onOutput: (chunk: Buffer) => void, flush: number = NO_FLUSH): number | ZlibFailure {
    let at = 0;
    for (;;) {
      this.#handle.writeSync(flush, input, at, input.length - at, this.#output, 0, OUTPUT);
      if (this.#failure) return this.#failure;
      const room = this.#left[0] as number;
      at = input.length - (this.#left[1] as number);
      if (room < OUTPUT) onOutput(this.#output.subarray(0, OUTPUT - room));
      if (room > 0) return input.length - at;
    }
  }

  reset(): void {
    this.#handle.reset();
  }

  close(): void {
    this.#handle.close();
  }
}

/** A synchronous decompressor, or undefined where this Node keeps none, or one of another shape. */
export function syncZlib(format: 'gzip' | 'zstd'): SyncZlib | undefined {
  try {
    const opened = openHandle(format);
    return opened && works(opened, format) ? opened : undefined;
  } catch {
    return undefined;
  }
}

function openHandle(format: 'gzip' | 'zstd'): SyncZlib | undefined {
  // Zstandard came with Node 22.15; the types are those of Node 20.
  const create =
    format === 'gzip' ? zlib.createGunzip : (zlib as { createZstdDecompress?: () => object }).createZstdDecompress;
  const stream = create?.() as { _handle?: Handle; _writeState?: Uint32Array } | undefined;
  if (typeof stream?._handle?.writeSync !== 'function' || !(stream._writeState instanceof Uint32Array))
    return undefined;
  return new SyncZlib(stream._handle, stream._writeState);
}

/** `dlint`, compressed, in a frame without content size. */
const SAMPLES = {
  gzip: '1f8b08000000000000034bc9c9cc2b0100886d703005000000',
  zstd: '28b52ffd0058290000646c696e74',
};

function works(decompressor: SyncZlib, format: 'gzip' | 'zstd'): boolean {
  let text = '';
  const rest = decompressor.write(Buffer.from(SAMPLES[format], 'hex'), (chunk) => {
    text += chunk.toString();
  });
  decompressor.reset();
  return rest === 0 && text === 'dlint';
}
