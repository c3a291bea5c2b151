import { DlintError } from '../errors.ts';

export interface ZstdFrameVisitor {
  /** A frame begins; decoding it takes a window of this many bytes. */
  begin(windowBytes: number): void;
  /** Bytes of the frame, its header and checksum included. */
  data(bytes: Buffer): void;
  end(): void;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4];

type State = 'magic' | 'header' | 'block' | 'body' | 'checksum' | 'skip-size' | 'skip';

/**
 * Cuts zstd data into frames without decoding it (RFC 8878, 3.1): so that windows are known before they are allocated,
 * skippable frames are left out, and a cut shows as one.
 */
export class ZstdFrames {
  readonly #visitor: ZstdFrameVisitor;
  readonly #where: string;
  #state: State = 'magic';
  #small = Buffer.alloc(18);
  #have = 0;
  #need = 4;
  #remaining = 0;
  #isLast = false;
  #hasChecksum = false;
  #offset = 0;

  constructor(visitor: ZstdFrameVisitor, where: string) {
    this.#visitor = visitor;
    this.#where = where;
  }

  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const count = this.#remaining > 0 ? this.#pass(chunk, at) : this.#gather(chunk, at);
      at += count;
      this.#offset += count;
    }
  }

  /** States that the input ends here. */
  end(): void {
    if (this.#state !== 'magic' || this.#have > 0) {
      throw new DlintError('E_TRUNCATED', 'the zstd data ends early', {
        where: `${this.#where}, byte ${this.#offset}`,
      });
    }
  }

  #pass(chunk: Buffer, at: number): number {
    const count = Math.min(this.#remaining, chunk.length - at);
    this.#remaining -= count;
    if (this.#state !== 'skip') this.#visitor.data(chunk.subarray(at, at + count));
    if (this.#remaining === 0) this.#onPassed();
    return count;
  }

  /** Bytes of a field that may be spread over chunks. */
  #gather(chunk: Buffer, at: number): number {
    const count = Math.min(this.#need - this.#have, chunk.length - at);
    chunk.copy(this.#small, this.#have, at, at + count);
    this.#have += count;
    if (this.#have === this.#need) this.#onField();
    return count;
  }

  #onField(): void {
    if (this.#state === 'magic') this.#onMagic(this.#small.readUInt32LE(0));
    else if (this.#state === 'header') this.#onHeader();
    else if (this.#state === 'block') this.#onBlock(this.#small.readUIntLE(0, 3));
    else this.#onSkipSize(this.#small.readUInt32LE(0));
  }

  #onSkipSize(size: number): void {
    this.#expect(size === 0 ? 'magic' : 'skip', size === 0 ? 4 : 0);
    this.#remaining = size;
  }

  #expect(state: State, bytes: number): void {
    this.#state = state;
    this.#have = 0;
    this.#need = bytes;
  }

  #onMagic(magic: number): void {
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) this.#expect('skip-size', 4);
    else if (magic !== MAGIC) throw this.#corrupt('no zstd frame where one should begin');
    else {
      // The descriptor byte tells how long the header is; the magic stays, it is the decoder's.
      this.#state = 'header';
      this.#need = 5;
    }
  }

  #onHeader(): void {
    const descriptor = this.#small[4] as number;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const dictionaryBytes = DICTIONARY_BYTES[descriptor & 3] as number;
    const sizeBytes = descriptor >> 6 === 0 ? (isSingleSegment ? 1 : 0) : 1 << (descriptor >> 6);
    const total = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
    if (this.#have < total) {
      this.#need = total;
      return;
    }
    this.#hasChecksum = (descriptor & 4) !== 0;
    const window = isSingleSegment
      ? this.#contentSize(total - sizeBytes, sizeBytes)
      : windowSize(this.#small[5] as number);
    this.#visitor.begin(window);
    this.#visitor.data(Buffer.from(this.#small.subarray(0, total)));
    this.#expect('block', 3);
  }

  #contentSize(at: number, bytes: number): number {
    if (bytes === 8) return Number(this.#small.readBigUInt64LE(at));
    return this.#small.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
  }

  #onBlock(header: number): void {
    const type = (header >> 1) & 3;
    if (type === 3) throw this.#corrupt('a zstd block of a reserved type');
    this.#isLast = (header & 1) !== 0;
    this.#visitor.data(Buffer.from(this.#small.subarray(0, 3)));
    this.#state = 'body';
    this.#have = 0;
    this.#remaining = type === 1 ? 1 : header >> 3;
    if (this.#remaining === 0) this.#onPassed();
  }

  #onPassed(): void {
    if (this.#state === 'body' && !this.#isLast) this.#expect('block', 3);
    else if (this.#state === 'body' && this.#hasChecksum) {
      this.#state = 'checksum';
      this.#remaining = 4;
    } else {
      if (this.#state !== 'skip') this.#visitor.end();
      this.#expect('magic', 4);
    }
  }

  #corrupt(message: string): DlintError {
    return new DlintError('E_CORRUPT', message, { where: `${this.#where}, byte ${this.#offset}` });
  }
}

/** RFC 8878, 3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
