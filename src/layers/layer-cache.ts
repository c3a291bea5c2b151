import { createHash } from 'node:crypto';
import { build } from './build.ts';
import type { FileLocator, Layer, Locator } from './image.ts';
import { withLayer } from './layer-bytes.ts';
import { LIMITS } from './limits.ts';
import { createProbe, type ProbeTable } from './probes/index.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import { type FileIdentity, identify, type RecordCache } from './record-cache.ts';
import { packRecord, type RecordData, unpackRecord } from './scan-message.ts';

/** What a scan is asked for, besides a layer: records of other questions are other records. */
export interface Question {
  readonly probes: readonly ProbeRequest[];
  readonly probeTable?: ProbeTable;
  readonly hash?: boolean;
}

/**
 * Records of layers that were scanned before. A layer of a registry is asked for by its digest, and so is its record.
 * One in a file is known by the file's identity and its place there; by its stated digest only after the file's bytes
 * were hashed to just that. A record is kept only when the file did not change meanwhile.
 */
export class LayerCache {
  readonly #cache: RecordCache;
  readonly #question: unknown;
  readonly #identities = new Map<string, FileIdentity | undefined>();

  constructor(cache: RecordCache, { probes, probeTable, hash = false }: Question) {
    this.#cache = cache;
    const context = { limits: LIMITS, problem: () => undefined };
    const named = probes.map((request) => {
      return { ...request, version: createProbe(request, context, probeTable).version };
    });
    this.#question = { build, hash, probes: named.sort((a, b) => (a.name < b.name ? -1 : 1)), limits: LIMITS };
  }

  async find(layer: Layer, signal?: AbortSignal): Promise<LayerRecord | undefined> {
    const { at, digest } = layer;
    if ('url' in at) return this.#read(at.digest);
    const place = this.#place(at);
    const known = place === undefined ? undefined : this.#read(place);
    if (known) return known;
    const isKnownElsewhere = layer.compressedBytes !== null && digest !== null && this.#cache.has(this.#key(digest));
    if (!isKnownElsewhere || (await digestOf(at, signal)) !== digest) return undefined;
    return this.#read(digest);
  }

  /** Keeps a record of a layer that `find` was asked for before it was scanned. */
  keep({ at }: Layer, record: LayerRecord): void {
    if (record.digest !== null && record.compression !== 'none') this.#write(record.digest, packRecord(record).data);
    if ('url' in at) return;
    const place = this.#place(at);
    const now = identify(at.file);
    if (!place || JSON.stringify(now) !== JSON.stringify(this.#identities.get(at.file))) return;
    if (record.digest === null || record.compression === 'none') this.#write(place, packRecord(record).data);
    else this.#write(place, { sameAs: record.digest });
  }

  #place(at: FileLocator): (FileIdentity & { offset: number; length: number }) | undefined {
    if (!this.#identities.has(at.file)) this.#identities.set(at.file, identify(at.file));
    const identity = this.#identities.get(at.file);
    return identity && { ...identity, offset: at.offset, length: at.length };
  }

  #key(name: unknown): unknown {
    return [this.#question, name];
  }

  #read(name: unknown): LayerRecord | undefined {
    const found = this.#cache.read(this.#key(name)) as RecordData | { readonly sameAs: string } | undefined;
    if (!found) return undefined;
    return 'sameAs' in found ? this.#read(found.sameAs) : unpackRecord(found);
  }

  #write(name: unknown, value: unknown): void {
    this.#cache.write(this.#key(name), value);
  }
}

async function digestOf(at: Locator, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await withLayer(at, { ...(signal && { signal }) }, ({ read }) => read((chunk) => void hash.update(chunk)));
  return `sha256:${hash.digest('hex')}`;
}
