import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { DlintError } from '../errors.ts';
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
 * @param options.onRecord called with each record as it comes; what it throws ends all
 */
export async function scanInWorkers(
  file: string,
  requests: readonly ScanRequest[],
  options: PoolOptions & { readonly onRecord?: (record: LayerRecord, id: number) => void },
): Promise<LayerRecord[]> {
  const records = new Map<number, LayerRecord>();
  const lengths = new Map(requests.map(({ id, at }) => [id, at.length]));
  const onReply = (reply: WorkReply): void => {
    if (!('record' in reply)) return;
    const record = unpackRecord(reply.record);
    options.onRecord?.(record, reply.id);
    records.set(reply.id, record);
    options.onProgress?.(reply.id, lengths.get(reply.id) ?? 0);
  };
  await askWorkers(file, requests, { ...options, onReply });
  return requests.map(({ id }) => records.get(id) as LayerRecord);
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
  { threads, signal, onProgress, onReply }: PoolOptions & { readonly onReply?: (reply: WorkReply) => void },
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
            try {
              onReply?.(reply);
            } catch (error) {
              return reject(error);
            }
            replies.set(reply.id, reply);
            next(worker);
          }
        });
        worker.on('error', (error) => reject(explained(error)));
        worker.on('exit', (code) => reject(new Error(`a worker thread ended with code ${code}`)));
        next(worker);
      }
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return requests.map(({ id }) => replies.get(id) as WorkReply);
}

/** A thread's memory is bounded by Node: that of the process is left for the others. */
function explained(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new DlintError('E_LIMIT', 'a worker thread ran out of memory', {
    hint: 'allow more with NODE_OPTIONS=--max-old-space-size=8192',
    cause: error,
  });
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
