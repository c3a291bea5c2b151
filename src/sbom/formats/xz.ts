import { Lzma } from './lzma.ts';
import { Output } from './lzma-output.ts';

/*
 * .xz (tukaani.org/xz/xz-file-format.txt) with LZMA2 alone, which is what kernel modules and packages are packed with.
 * zlib of Node has no LZMA, and the packages for it answer later (WebAssembly), need a compiler, or unpack without a limit.
 * Checks are passed over: damage shows as a stream that does not decode.
 */

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];
const LZMA2 = 0x21;

/** All of an xz stream. Throws when it is damaged, or unpacks to more than `limit` bytes. */
export function unxz(bytes: Uint8Array, limit: number): Buffer {
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) throw new Error('no xz stream');
  const checkBytes = CHECK_BYTES[(bytes[7] ?? 0) & 0x0f] as number;
  const output = new Output(limit);
  let at = 12;
  // A block header begins with its size; 0 is where the index stands.
  while (at < bytes.length && bytes[at] !== 0) {
    const header = (bytes[at] as number) * 4 + 4;
    checkFilters(bytes.subarray(at, at + header));
    const end = new Lzma2(bytes, at + header, output).decode();
    at = end + ((4 - ((end - at) % 4)) % 4) + checkBytes;
  }
  return output.bytes();
}

function checkFilters(header: Uint8Array): void {
  const flags = header[1] ?? 0;
  let at = 2;
  const skipNumber = () => {
    while (((header[at++] ?? 0) & 0x80) !== 0 && at < header.length);
  };
  if ((flags & 0x40) !== 0) skipNumber();
  if ((flags & 0x80) !== 0) skipNumber();
  if ((flags & 3) !== 0 || header[at] !== LZMA2) throw new Error('an xz stream with filters that are not read');
}

/** Chunks, each with how much it unpacks to: stored, or LZMA with the state kept or begun anew. */
class Lzma2 {
  readonly #bytes: Uint8Array;
  readonly #output: Output;
  #at: number;
  #coder: Lzma | undefined;

  constructor(bytes: Uint8Array, at: number, output: Output) {
    this.#bytes = bytes;
    this.#at = at;
    this.#output = output;
  }

  /** Gives where the chunks end. */
  decode(): number {
    for (;;) {
      const control = this.#byte();
      if (control === 0) return this.#at;
      if (control < 0x80) this.#stored(control);
      else this.#packed(control);
    }
  }

  #stored(control: number): void {
    if (control > 2) throw new Error('an xz stream that is damaged');
    const size = this.#short() + 1;
    if (control === 1) this.#output.forget();
    this.#output.append(this.#take(size));
    this.#coder?.resetState();
  }

  #packed(control: number): void {
    const size = ((control & 0x1f) << 16) + this.#short() + 1;
    const packed = this.#short() + 1;
    if (control >= 0xe0) this.#output.forget();
    if (control >= 0xc0) this.#coder = new Lzma(this.#byte(), this.#output);
    else if (control >= 0xa0) this.#coder?.resetState();
    if (!this.#coder) throw new Error('an xz stream that is damaged');
    this.#output.reserve(size);
    this.#coder.decode(this.#take(packed), size);
  }

  #take(count: number): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    if (part.length < count) throw new Error('an xz stream that is cut');
    this.#at += count;
    return part;
  }

  #byte(): number {
    return this.#take(1)[0] as number;
  }

  #short(): number {
    return this.#byte() * 256 + this.#byte();
  }
}
