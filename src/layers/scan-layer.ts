import { createHash, type Hash } from 'node:crypto';
import type { Digest } from '../report/finding.ts';
import type { Locator } from './image.ts';
import { placeName, type ReadOptions, readInflated, withLayer } from './layer-bytes.ts';
import { LIMITS } from './limits.ts';
import type { ProbeTable } from './probes/index.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import { RecordBuilder } from './record-builder.ts';
import { scanTarFile } from './tar.ts';
import { TarScanner } from './tar-scanner.ts';

export interface ScanOptions extends ReadOptions {
  /** Read every byte and hash it, as stored and uncompressed. Default: where every byte is read anyway. */
  readonly verify?: boolean;
  /** Hash every body. Default: where every byte is read anyway. */
  readonly hash?: boolean;
  /** What `probes` are looked up in; default `PROBES`. */
  readonly probeTable?: ProbeTable;
}

/**
 * Reads one layer once, front to back, into its record. A compressed layer is inflated and every body hashed; in a
 * plain one, bodies that nobody asked for are passed over by seeking, unless `verify` or `hash` is set.
 * A layer in a registry is always read whole, and its digest proven.
 * Errors: `E_READ`, `E_TRUNCATED`, `E_CORRUPT`, `E_LIMIT`, `E_UNSUPPORTED`; of registries `E_REGISTRY`, `E_DIGEST`.
 */
export async function scanLayer(
  at: Locator,
  probes: readonly ProbeRequest[] = [],
  options: ScanOptions = {},
): Promise<LayerRecord> {
  const { where = placeName(at), limits = LIMITS, probeTable } = options;
  return await withLayer(at, options, async (layer) => {
    const { compression, plain, proven } = layer;
    const { verify = !plain, hash = !plain } = options;
    const builder = new RecordBuilder(probes, hash, where, limits, probeTable, verify ? undefined : plain);
    const scanner = new TarScanner(builder, where, limits);
    const hashes = verify ? [createHash('sha256'), createHash('sha256')] : [];
    const [stored, unpacked] = compression === 'none' ? [undefined, hashes[0]] : hashes;
    if (plain && !verify) scanTarFile(scanner, plain.fd, plain.offset, plain.length);
    else {
      const onOutput = (chunk: Buffer): void => {
        unpacked?.update(chunk);
        scanner.write(chunk);
      };
      const onStored = stored && !proven && ((chunk: Buffer): void => void stored.update(chunk));
      await readInflated(layer, onOutput, { where, limits, ...(onStored && { onStored }) });
      scanner.end();
    }
    const diffId = digestOf(unpacked);
    const digest = proven ?? (compression === 'none' ? diffId : digestOf(stored));
    return { diffId, digest, tarBytes: scanner.offset, compression, ...builder.build() };
  });
}

function digestOf(hash: Hash | undefined): Digest | null {
  return hash ? `sha256:${hash.digest('hex')}` : null;
}
