import { DlintError } from '../../../errors.ts';
import type { RegistryLocator } from '../../image.ts';
import type { OnStored, OpenLayer, ReadOptions } from '../../layer-bytes.ts';
import { compressionOf } from '../../sniff.ts';
import { blobChunks } from './blob.ts';
import { Connections } from './connections.ts';

/** Bytes of which the magic of every compression is shorter. */
const HEAD = 8;
/** Bytes between two reports of progress. */
const STEP = 1024 * 1024;

/** Opens a layer that lies in a registry, for one pass. Errors: `E_REGISTRY`, `E_DIGEST`, `E_UNSUPPORTED`. */
export async function withBlob<T>(
  at: RegistryLocator,
  options: ReadOptions,
  use: (layer: OpenLayer) => T | Promise<T>,
): Promise<T> {
  const { where = at.url, signal, onProgress, connections = new Connections() } = options;
  const chunks = blobChunks(connections.clientFor(at), at, { where, signal });
  try {
    const head = await readHead(chunks);
    return await use({
      compression: compressionOf(head, where),
      ...(at.digest.startsWith('sha256:') && { proven: at.digest }),
      read: async (onChunk) => {
        await readAll(head, chunks, onChunk, onProgress);
        onProgress?.(at.length);
      },
    });
  } finally {
    await chunks.return(undefined);
  }
}

async function readHead(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < HEAD) {
    const { done, value } = await chunks.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return head;
}

/**
 * The bytes are proven only when the last one has come. So it goes on when nobody wants more, and when they do not make
 * sense to the one who takes them: that they are not those that were asked for is then the truer error.
 */
async function readAll(
  head: Buffer,
  chunks: AsyncGenerator<Buffer>,
  onChunk: OnStored,
  onProgress: ReadOptions['onProgress'],
): Promise<void> {
  let fault: DlintError | undefined;
  let isWanted = true;
  let done = 0;
  let step = STEP;
  const take = async (chunk: Buffer): Promise<void> => {
    done += chunk.length;
    if (done >= step) {
      step = done + STEP;
      onProgress?.(done);
    }
    if (!isWanted) return;
    try {
      const result = onChunk(chunk);
      if (result === false) isWanted = false;
      else if (result) await result;
    } catch (error) {
      if (!(error instanceof DlintError) || error.code === 'E_LIMIT') throw error;
      fault = error;
      isWanted = false;
    }
  };
  if (head.length > 0) await take(head);
  for await (const chunk of chunks) await take(chunk);
  if (fault) throw fault;
}
