import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { LayerRecord } from './record.ts';
import { type ScanReply, type ScanRequest, unpackError, unpackRecord } from './scan-message.ts';

export interface PoolOptions {
  /** Threads at most. */
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Called with the bytes read so far of request `id`. */
  readonly onProgress?: (id: number, bytes: number) => void;
}

/**
 * Has the requests answered by worker threads, the first ones first, and ends the threads. The first error ends all.
 * Records come in the order of the requests.
 */
export async function scanInWorkers(
  file: string,
  requests: readonly ScanRequest[],
  { threads, signal, onProgress }: PoolOptions,
): Promise<LayerRecord[]> {
  if (requests.length === 0) return [];
  const waiting = [...requests];
  const records = new Map<number, LayerRecord>();
  // Loaded here: most images need no thread, and loading it takes a millisecond.
  const { Worker: Thread } = await import('node:worker_threads');
  signal?.throwIfAborted();
  const workers = Array.from({ length: Math.min(threads, requests.length) }, () => new Thread(file));
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      const next = (worker: Worker): void => {
        const request = waiting.shift();
        if (request) worker.postMessage(request);
        else if (records.size === requests.length) resolve();
      };
      for (const worker of workers) {
        worker.on('message', (reply: ScanReply) => {
          if ('progress' in reply) onProgress?.(reply.id, reply.progress);
          else if ('error' in reply) reject(unpackError(reply.error));
          else {
            records.set(reply.id, unpackRecord(reply.record));
            next(worker);
          }
        });
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`a worker thread ended with code ${code}`)));
        next(worker);
      }
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return requests.map(({ id }) => records.get(id) as LayerRecord);
}

/**
 * A worker's bundle beside this one. Undefined where the sources run as TypeScript: Node 20 cannot start a thread
 * from those.
 */
export function findWorkerFile(name = 'layer-worker'): string | undefined {
  // Spelled out: a bundler puts a file's name where it finds these words.
  if (!import.meta.dirname || import.meta.filename.endsWith('.ts')) return undefined;
  const beside = join(import.meta.dirname, `${name}.cjs`);
  const above = join(import.meta.dirname, '..', `${name}.cjs`);
  return [beside, above].find((file) => existsSync(file));
}
