import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { LayerRecord } from './record.ts';
import {
  type CompareRequest,
  type ScanRequest,
  unpackError,
  unpackRecord,
  type WorkReply,
  type WorkRequest,
} from './scan-message.ts';

export interface PoolOptions {
  /** Threads at most. */
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Called with the bytes read so far of request `id`. */
  readonly onProgress?: (id: number, bytes: number) => void;
}

/**
 * Has the layers scanned by worker threads, the first ones first. The first error ends all. Records come in the order
 * of the requests.
 */
export async function scanInWorkers(
  file: string,
  requests: readonly ScanRequest[],
  options: PoolOptions,
): Promise<LayerRecord[]> {
  const replies = await askWorkers(file, requests, options);
  return replies.map((reply) => unpackRecord((reply as Extract<WorkReply, { record: unknown }>).record));
}

/** Has bodies compared by worker threads, see `compareBodies`. Answers come in the order of the requests. */
export async function compareInWorkers(
  file: string,
  requests: readonly CompareRequest[],
  options: PoolOptions,
): Promise<Uint8Array[]> {
  const replies = await askWorkers(file, requests, options);
  return replies.map((reply) => (reply as Extract<WorkReply, { same: unknown }>).same);
}

async function askWorkers(
  file: string,
  requests: readonly WorkRequest[],
  { threads, signal, onProgress }: PoolOptions,
): Promise<WorkReply[]> {
  if (requests.length === 0) return [];
  const waiting = [...requests];
  const replies = new Map<number, WorkReply>();
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
        else if (replies.size === requests.length) resolve();
      };
      for (const worker of workers) {
        worker.on('message', (reply: WorkReply) => {
          if ('progress' in reply) onProgress?.(reply.id, reply.progress);
          else if ('error' in reply) reject(unpackError(reply.error));
          else {
            replies.set(reply.id, reply);
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
  return requests.map(({ id }) => replies.get(id) as WorkReply);
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
