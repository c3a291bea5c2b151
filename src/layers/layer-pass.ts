import { createHash, type Hash } from 'node:crypto';
import { DlintError } from '../errors.ts';
import type { Digest } from '../report/finding.ts';
import { type Compression, createInflater, type InflateOptions, type Inflater } from './inflate.ts';
import type { Limits } from './limits.ts';
import type { ProbeTable } from './probes/index.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import { RecordBuilder } from './record-builder.ts';
import type { RecordBudget } from './record-size.ts';
import { compressionOf } from './sniff.ts';
import { type BodySink, TarScanner } from './tar-scanner.ts';

export interface LayerPassOptions {
  readonly limits: Limits;
  readonly probes: readonly ProbeRequest[];
  readonly probeTable?: ProbeTable;
  /** Hash layers as a whole. Default: compressed ones. */
  readonly verify?: boolean;
  /** Hash every body; default true, because nobody can come back for it. */
  readonly hash?: boolean;
  /** What is made of the record when its layer has passed, before it is kept. */
  readonly reduce?: (record: LayerRecord) => LayerRecord;
  /** Of all layers that pass. */
  readonly budget?: RecordBudget;
  /** Decoders of zstd that may be used. */
  readonly zstd?: NonNullable<InflateOptions['zstd']>;
}

/** Takes the members of a layer that passes. */
export function passBuilder(
  { probes, limits, probeTable, hash = true }: LayerPassOptions,
  where: string,
): RecordBuilder {
  return new RecordBuilder(probes, hash && 'stored', where, limits, probeTable);
}

/**
 * Scans a layer whose bytes come by only once, among others of an archive: what `scanLayer` does, pushed instead of
 * pulled. What is wrong with the layer is thrown when its record is asked for: it may be of an image that nobody asked
 * for.
 */
export class LayerPass implements BodySink {
  readonly #where: string;
  readonly #budget: RecordBudget | undefined;
  readonly #reduce: LayerPassOptions['reduce'];
  /** Gone at the end: what failed is not to be kept in memory. */
  #scan: { readonly builder: RecordBuilder; readonly scanner: TarScanner } | undefined;
  readonly #stored: Hash | undefined;
  readonly #unpacked: Hash | undefined;
  #compression: Compression = 'none';
  #inflater: Inflater | undefined;
  #waiting: Promise<void> | undefined;
  #fault: unknown;
  #record: LayerRecord | undefined;

  /** @param head the layer's first bytes, which are written as well */
  constructor(head: Buffer, where: string, options: LayerPassOptions) {
    const { limits, budget, zstd, reduce } = options;
    this.#where = where;
    this.#budget = budget;
    this.#reduce = reduce;
    const builder = passBuilder(options, where);
    const scanner = new TarScanner(builder, where, limits);
    this.#scan = { builder, scanner };
    this.#try(() => {
      this.#compression = compressionOf(head, where);
    });
    const isPlain = this.#compression === 'none';
    const { verify = !isPlain } = options;
    if (verify) this.#unpacked = createHash('sha256');
    if (verify && !isPlain) this.#stored = createHash('sha256');
    const onOutput = (chunk: Buffer): void => {
      this.#unpacked?.update(chunk);
      scanner.write(chunk);
    };
    this.#inflater = createInflater(this.#compression, onOutput, { where, limits, ...(zstd && { zstd }) });
  }

  /** Kept while a decoder is busy that works beside this thread; nothing more may be written for long until then. */
  get waiting(): Promise<void> | undefined {
    return this.#waiting;
  }

  get compression(): Compression {
    return this.#compression;
  }

  write(chunk: Buffer): void {
    if (this.#fault !== undefined) return;
    this.#stored?.update(chunk);
    if (this.#waiting) this.#after(Buffer.from(chunk));
    else this.#try(() => this.#wait(this.#inflater?.write(chunk)));
  }

  end(): void {
    if (this.#waiting) this.#wait(this.#waiting.then(() => this.#inflater?.end()));
    else this.#try(() => this.#wait(this.#inflater?.end()));
    if (this.#waiting) this.#wait(this.#waiting.then(() => this.#finish()));
    else this.#finish();
  }

  /** Throws what is wrong with the layer, saying that it is at `where`. Not to be called before all is done. */
  record(where: string): LayerRecord {
    if (this.#record) return this.#record;
    const fault = this.#fault;
    if (!(fault instanceof DlintError)) throw fault;
    const place = fault.where?.startsWith(this.#where) ? where + fault.where.slice(this.#where.length) : fault.where;
    throw new DlintError(fault.code, fault.message, {
      ...(place !== undefined && { where: place }),
      ...(fault.hint !== undefined && { hint: fault.hint }),
      cause: fault,
    });
  }

  #after(copy: Buffer): void {
    this.#wait(this.#waiting?.then(() => (this.#fault === undefined ? this.#inflater?.write(copy) : undefined)));
  }

  /** Goes on when the decoder has room again. */
  #wait(busy: Promise<void> | undefined): void {
    if (!busy) return;
    const waiting = busy
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        if (this.#waiting === waiting) this.#waiting = undefined;
      });
    this.#waiting = waiting;
  }

  #finish(): void {
    this.#try(() => {
      if (this.#fault !== undefined || !this.#scan) return;
      const { builder, scanner } = this.#scan;
      scanner.end();
      const compression = this.#compression;
      const diffId = digestOf(this.#unpacked);
      const digest = compression === 'none' ? diffId : digestOf(this.#stored);
      const scanned = { diffId, digest, tarBytes: scanner.offset, compression, ...builder.build() };
      const record = this.#reduce?.(scanned) ?? scanned;
      this.#budget?.take(record);
      this.#record = record;
    });
    this.#inflater?.close();
    this.#inflater = undefined;
    this.#scan = undefined;
  }

  #try(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#fault ??= error;
  }
}

function digestOf(hash: Hash | undefined): Digest | null {
  return hash ? `sha256:${hash.digest('hex')}` : null;
}
