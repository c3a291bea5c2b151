import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { DlintError } from '../errors.ts';
import type { LayerRecord } from './record.ts';
import {
  type CompareWork,
  type ScanWork,
  unpackError,
  unpackRecord,
  type Work,
  type WorkReply,
} from './scan-message.ts';

export interface WorkOptions {
  readonly signal?: AbortSignal;
  /** How this thread takes its turns beside the others; without, it only listens. */
  readonly here?: () => Promise<void>;
}

export interface ScanWorkOptions extends WorkOptions {
  /** Called with each record that comes from another thread, and the number of its layer; what it throws ends all. */
  readonly onRecord: (record: LayerRecord, id: number) => void;
  /** Called with the bytes that another thread has read so far of layer `id`. */
  readonly onProgress?: (id: number, bytes: number) => void;
}

type Hear = (worker: Worker, reply: WorkReply | Error) => void;

/**
 * Worker threads for one run of the program: started when there is something to do for them, and then kept, because
 * starting one takes as long as listing ten thousand files. One work at a time; whoever makes a pool closes it.
 */
export class WorkerPool {
  readonly #file: string;
  readonly #threads: number;
  readonly #workers: Worker[] = [];
  #hear: Hear | undefined;

  /**
   * @param file the worker's bundle
   * @param threads at most, with the one that asks where it takes part; default one for each core
   */
  constructor(file: string, threads = availableParallelism()) {
    this.#file = file;
    this.#threads = threads;
  }

  /** Has layers scanned, the first ones first. The first error ends all. */
  async scan(work: ScanWork, { onRecord, onProgress, ...options }: ScanWorkOptions): Promise<void> {
    await this.#share(work, work.scans.length, options, (reply) => {
      if ('progress' in reply) onProgress?.(reply.id, reply.progress);
      else if ('record' in reply) onRecord(unpackRecord(reply.record), reply.id);
    });
  }

  /** Has bodies compared, see `comparePieces`; the answers are in `work.same`. */
  async compare(work: CompareWork, options: WorkOptions = {}): Promise<void> {
    await this.#share(work, work.starts.length - 1, options, () => undefined);
  }

  /** Ends the threads, busy or not. */
  async close(): Promise<void> {
    this.#hear = undefined;
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  async #share(
    work: Work,
    pieces: number,
    { signal, here }: WorkOptions,
    onReply: (reply: WorkReply) => void,
  ): Promise<void> {
    const threads = Math.min(this.#threads, pieces) - (here ? 1 : 0);
    if (threads > 0) await this.#grow(threads);
    const workers = this.#workers.slice(0, threads);
    let open = workers.length;
    try {
      signal?.throwIfAborted();
      const heard = new Promise<void>((resolve, reject) => {
        if (open === 0) resolve();
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        this.#hear = (worker, reply) => {
          if (!workers.includes(worker)) return;
          try {
            if (reply instanceof Error) throw reply;
            if ('error' in reply) throw unpackError(reply.error);
            if (!('isDone' in reply)) onReply(reply);
            else if (--open === 0) resolve();
          } catch (error) {
            reject(error);
          }
        };
      });
      for (const worker of workers) worker.postMessage(work);
      await Promise.all([heard, here?.()]);
    } catch (error) {
      // What is left, and what the others are busy with, is of no use any more.
      Atomics.store(work.turns, 0, pieces);
      await this.close();
      throw error;
    } finally {
      this.#hear = undefined;
    }
  }

  async #grow(threads: number): Promise<void> {
    // Loaded here: most images need no thread, and loading it takes a millisecond.
    const { Worker: Thread } = await import('node:worker_threads');
    while (this.#workers.length < threads) {
      const worker = new Thread(this.#file);
      worker.on('message', (reply: WorkReply) => this.#hear?.(worker, reply));
      worker.on('error', (error) => this.#hear?.(worker, explained(error)));
      worker.on('exit', (code) => this.#hear?.(worker, new Error(`a worker thread ended with code ${code}`)));
      this.#workers.push(worker);
    }
  }
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
