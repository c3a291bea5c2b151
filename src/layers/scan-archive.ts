import { ArchivePass, type ScannedArchive } from './archive-pass.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { LayerRecord, ProbeRequest } from './record.ts';
import type { ScanLayersOptions } from './scan-layers.ts';
import type { Magic } from './sniff.ts';
import { checkPipe } from './sources/open-store.ts';
import { passInput } from './sources/tar-input.ts';
import { syncZlib } from './sync-zlib.ts';

export interface ScanArchiveOptions extends Pick<ScanLayersOptions, 'verify' | 'probeTable' | 'signal' | 'onProgress'> {
  /** As the user named the input. */
  readonly reference: string;
  /** Hash every body; default true, because nobody can come back for it. */
  readonly hash?: boolean;
  /** What is made of each record when its layer has passed, before it is kept. */
  readonly reduce?: (record: LayerRecord) => LayerRecord;
  readonly limits?: Limits;
}

/** Bytes between two reports of progress. */
const STEP = 16 * 1024 * 1024;

/**
 * Scans an archive that comes by only once, from front to back: a pipe, or one that is compressed as a whole. Which of
 * its members are layers is told by their content, because `manifest.json` may come last; nothing is written to disk,
 * and memory holds the records and what JSON there is, within bounds. Errors as `openImage`; those of layers are thrown
 * when their records are asked for.
 */
export async function scanArchive(
  input: AsyncIterable<Buffer>,
  probes: readonly ProbeRequest[],
  { reference, limits = LIMITS, signal, onProgress, ...options }: ScanArchiveOptions,
): Promise<ScannedArchive> {
  const common = { reference, limits, ...(signal && { signal }) };
  const archive = new ArchivePass(reference, { ...options, limits, probes });
  const check = (head: Buffer, magic: Magic): void => {
    if (magic === 'other') checkPipe(head, magic, reference);
    // Two decoders that work beside this thread could not wait for one another.
    if (magic === 'zstd' && !syncZlib('zstd')) archive.decodeHere();
  };
  let step = STEP;
  await passInput(input, common, check, (chunk) => {
    if (archive.bytes >= step) {
      step = archive.bytes + STEP;
      onProgress?.({ done: archive.bytes, total: null });
    }
    return archive.write(chunk);
  });
  return await archive.end();
}
