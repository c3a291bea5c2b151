import { createHash, type Hash } from 'node:crypto';
import { DlintError } from '../errors.ts';
import type { FileLocator, Layer } from './image.ts';
import { LayerPass, type LayerPassOptions, passBuilder } from './layer-pass.ts';
import { raise } from './limits.ts';
import type { LayerRecord } from './record.ts';
import type { RecordBuilder } from './record-builder.ts';
import { RecordBudget } from './record-size.ts';
import { SNIFF_BYTES, sniff } from './sniff.ts';
import { ArchiveIndex } from './sources/archive-index.ts';
import { checkTar } from './sources/open-store.ts';
import type { Store } from './sources/store.ts';
import { isTarHeader } from './tar-header.ts';
import type { TarMember } from './tar-member.ts';
import { type BodySink, TarScanner } from './tar-scanner.ts';

/** An archive that has passed: what `openImage` reads an image from, and the records of its layers. */
export interface ScannedArchive {
  readonly store: Store;
  /** The records of an image's layers, lowest first. Errors as `scanLayers`. */
  records(image: { readonly reference: string; readonly layers: readonly Layer[] }): LayerRecord[];
}

/** Names of files that only archives of images have at their top. */
const IMAGE_FILE =
  /^(?:blobs\/sha(?:256|512)\/|oci-layout$|(?:index|manifest)\.json$|repositories$|(?:sha256:)?[0-9a-f]{64}(?:[./]|$))/;

/**
 * An archive on its way past. Members that begin as a layer does are scanned as layers, those that may be JSON are
 * kept; until a name shows otherwise, the archive itself may be a root filesystem, which is one layer.
 */
export class ArchivePass {
  readonly #reference: string;
  readonly #options: LayerPassOptions;
  readonly #index: ArchiveIndex;
  readonly #scanner: TarScanner;
  #head: Buffer | undefined = Buffer.alloc(0);
  #rootfs: RootfsPass | undefined;
  #zstd: LayerPassOptions['zstd'];
  /** By the place of their bodies in the archive. */
  readonly #layers = new Map<number, LayerPass>();
  /** Of all layers that have passed, whichever image they are of. */
  readonly #budget: RecordBudget;
  readonly #documents = new Map<number, Buffer>();
  #documentBytes = 0;
  /** Scans that wait for a decoder. */
  #busy: LayerPass[] = [];

  constructor(reference: string, options: LayerPassOptions) {
    this.#reference = reference;
    this.#options = options;
    this.#index = new ArchiveIndex(reference, options.limits);
    this.#budget = new RecordBudget(reference, options.limits);
    this.#rootfs = new RootfsPass(options);
    const visitor = {
      member: (member: TarMember) => this.#member(member),
      problem: (message: string) => this.#rootfs?.builder.problem(message),
    };
    this.#scanner = new TarScanner(visitor, reference, options.limits);
  }

  /** Bytes that have passed. */
  get bytes(): number {
    return this.#scanner.offset;
  }

  /** No program shall decode zstd layers. */
  decodeHere(): void {
    this.#zstd = ['node', 'script'];
  }

  /** Gives a promise where a decoder must be waited for. */
  write(chunk: Buffer): undefined | Promise<void> {
    if (!this.#head) this.#take(chunk);
    else {
      this.#head = Buffer.concat([this.#head, chunk]);
      if (this.#head.length >= SNIFF_BYTES) this.#begin(this.#head);
    }
    return this.#busy.length === 0 ? undefined : this.#settle();
  }

  /** States that the input ends here. */
  async end(): Promise<ScannedArchive> {
    if (this.#head) this.#begin(this.#head);
    this.#scanner.end();
    await this.#settle();
    const rootfs = this.#rootfs && this.#index.rootfs();
    const at = (place: { offset: number; length: number }): FileLocator => ({ file: this.#reference, ...place });
    const store: Store = {
      reference: this.#reference,
      isArchive: true,
      locate: (name) => {
        const place = this.#index.locate(name);
        return place && at(place);
      },
      read: ({ offset }) => this.#document(offset),
      compression: ({ offset }) => this.#layers.get(offset)?.compression ?? 'none',
      names: () => this.#index.names(),
      describe: () => this.#index.describe(),
      ...(rootfs && { rootfs: { at: at({ offset: 0, length: this.bytes }), ...rootfs } }),
    };
    return {
      store,
      records: ({ reference, layers }) =>
        layers.map((layer) => this.#record(layer.at as FileLocator, `${reference}: layer ${layer.index}`)),
    };
  }

  #begin(head: Buffer): void {
    this.#head = undefined;
    checkTar(head.subarray(0, SNIFF_BYTES), this.#reference);
    this.#take(head);
  }

  #take(chunk: Buffer): void {
    this.#rootfs?.hash?.update(chunk);
    this.#scanner.write(chunk);
  }

  async #settle(): Promise<void> {
    for (const layer of this.#busy) while (layer.waiting) await layer.waiting;
    this.#busy = [];
  }

  #member(member: TarMember): BodySink | undefined {
    const name = this.#index.add(member);
    if (name !== undefined && IMAGE_FILE.test(name)) this.#rootfs = undefined;
    const rootfs = this.#rootfs?.builder.member(member);
    if (name === undefined || member.size === 0) return rootfs;
    const own = new HeadSink((head) => this.#sinkFor(head, member, name));
    return rootfs ? both(own, rootfs) : own;
  }

  /** Who takes a body that begins so. */
  #sinkFor(head: Buffer, member: TarMember, name: string): BodySink | undefined {
    const { bodyOffset, size } = member;
    if (sniff(head) !== 'other' || (head.length >= SNIFF_BYTES && isTarHeader(head))) {
      const options = { ...this.#options, budget: this.#budget, ...(this.#zstd && { zstd: this.#zstd }) };
      const layer = new LayerPass(head, `${this.#reference}: ${name}`, options);
      this.#layers.set(bodyOffset, layer);
      return {
        write: (chunk) => {
          layer.write(chunk);
          this.#watch(layer);
        },
        end: () => {
          layer.end();
          this.#watch(layer);
        },
      };
    }
    const isKept = isDocument(head) && size <= this.#options.limits.jsonBytes;
    if (!isKept || this.#documentBytes + size > this.#options.limits.allJsonBytes) return undefined;
    this.#documentBytes += size;
    const chunks: Buffer[] = [];
    return {
      write: (chunk) => void chunks.push(Buffer.from(chunk)),
      end: () => void this.#documents.set(bodyOffset, Buffer.concat(chunks)),
    };
  }

  #watch(layer: LayerPass): void {
    if (layer.waiting && !this.#busy.includes(layer)) this.#busy.push(layer);
  }

  #document(offset: number): Buffer {
    const bytes = this.#documents.get(offset);
    if (bytes) return bytes;
    const { allJsonBytes, jsonBytes } = this.#options.limits;
    if (this.#documentBytes > allJsonBytes - jsonBytes) {
      throw new DlintError('E_LIMIT', `more than ${allJsonBytes} bytes of JSON in one archive`, {
        where: this.#reference,
        hint: raise('allJsonBytes', { allJsonBytes }),
      });
    }
    return Buffer.alloc(0);
  }

  #record({ offset, length }: FileLocator, where: string): LayerRecord {
    if (offset === 0 && this.#rootfs) return this.#rootfs.record(this.bytes);
    const layer = this.#layers.get(offset);
    if (layer) return layer.record(where);
    // What does not begin as a layer does, or is too short for one.
    const bytes = length === 0 ? Buffer.alloc(0) : this.#document(offset);
    const late = new LayerPass(bytes, where, this.#options);
    late.write(length > 0 && bytes.length === 0 ? Buffer.alloc(SNIFF_BYTES, 0xff) : bytes);
    late.end();
    return late.record(where);
  }
}

/** The archive itself as a layer. */
class RootfsPass {
  readonly builder: RecordBuilder;
  readonly hash: Hash | undefined;
  readonly #reduce: LayerPassOptions['reduce'];
  #record: LayerRecord | undefined;

  constructor(options: LayerPassOptions) {
    this.builder = passBuilder(options, 'root filesystem');
    this.hash = options.verify ? createHash('sha256') : undefined;
    this.#reduce = options.reduce;
  }

  record(tarBytes: number): LayerRecord {
    if (this.#record) return this.#record;
    const digest = this.hash ? (`sha256:${this.hash.digest('hex')}` as const) : null;
    const scanned: LayerRecord = { diffId: digest, digest, tarBytes, compression: 'none', ...this.builder.build() };
    this.#record = this.#reduce?.(scanned) ?? scanned;
    return this.#record;
  }
}

/** Holds a body's first bytes back until it can be told what it is. */
class HeadSink implements BodySink {
  readonly #choose: (head: Buffer) => BodySink | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  #sink: BodySink | undefined;

  constructor(choose: (head: Buffer) => BodySink | undefined) {
    this.#choose = choose;
  }

  write(chunk: Buffer): void {
    if (!this.#head) this.#sink?.write(chunk);
    else if (this.#head.length === 0 && chunk.length >= SNIFF_BYTES) this.#begin(chunk);
    else {
      this.#head = Buffer.concat([this.#head, chunk]);
      if (this.#head.length >= SNIFF_BYTES) this.#begin(this.#head);
    }
  }

  end(): void {
    if (this.#head) this.#begin(this.#head);
    this.#sink?.end();
  }

  #begin(seen: Buffer): void {
    this.#head = undefined;
    this.#sink = this.#choose(seen.subarray(0, SNIFF_BYTES));
    this.#sink?.write(seen);
  }
}

function both(one: BodySink, other: BodySink): BodySink {
  return {
    write(chunk) {
      one.write(chunk);
      other.write(chunk);
    },
    end() {
      one.end();
      other.end();
    },
  };
}

/** Whether it may be JSON: an object or a list, after a byte order mark or spaces; or too short to be a layer. */
function isDocument(head: Buffer): boolean {
  return head.length < SNIFF_BYTES || /^(?:\xef\xbb\xbf)?\s*[[{]/.test(head.toString('latin1'));
}
