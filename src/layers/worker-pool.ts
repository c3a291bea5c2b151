import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes read so far of request `id`. */
  readonly onProgress?: (id: number, bytes: number) => void;
}

type Hear = (worker: Worker, reply: WorkReply | Error) => void;

/**
 * Worker threads for one run of the program: started when there is something to do for them, and then kept, because
 * starting one takes as long as listing ten thousand files. One question at a time; whoever makes a pool closes it.
 */
export class WorkerPool {
  readonly #file: string;
  readonly #threads: number;
  readonly #workers: Worker[] = [];
  #hear: Hear | undefined;

  /**
   * @param file the worker's bundle
   * @param threads at most; default one for each core
   */
  constructor(file: string, threads = availableParallelism()) {
    this.#file = file;
    this.#threads = threads;
  }

  /**
   * Has layers scanned, the first ones first. The first error ends all. Records come in the order of the requests.
   * @param options.onRecord called with each record as it comes; what it throws ends all
   */
  async scan(
    requests: readonly ScanRequest[],
    options: AskOptions & { readonly onRecord?: (record: LayerRecord, id: number) => void } = {},
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
    await this.#ask(requests, { ...options, onReply });
    return requests.map(({ id }) => records.get(id) as LayerRecord);
  }

  /** Has bodies compared, see `compareBodies`. Answers come in the order of the requests. */
  async compare(requests: readonly CompareRequest[], options: AskOptions = {}): Promise<Uint8Array[]> {
    const answers = new Map<number, Uint8Array>();
    const onReply = (reply: WorkReply): void => {
      if ('same' in reply) answers.set(reply.id, reply.same);
    };
    await this.#ask(requests, { ...options, onReply });
    return requests.map(({ id }) => answers.get(id) as Uint8Array);
  }

  /** Ends the threads, busy or not. */
  async close(): Promise<void> {
    this.#hear = undefined;
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  async #ask(
    requests: readonly WorkRequest[],
    { signal, onProgress, onReply }: AskOptions & { readonly onReply: (reply: WorkReply) => void },
  ): Promise<void> {
    if (requests.length === 0) return;
    await this.#grow(Math.min(this.#threads, requests.length));
    const waiting = [...requests];
    let open = requests.length;
    try {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        const next = (worker: Worker): void => {
          const request = waiting.shift();
          if (request) worker.postMessage(request);
          else if (open === 0) resolve();
        };
        this.#hear = (worker, reply) => {
          try {
            if (reply instanceof Error) throw reply;
            if ('error' in reply) throw unpackError(reply.error);
            if ('progress' in reply) return onProgress?.(reply.id, reply.progress);
            onReply(reply);
          } catch (error) {
            return reject(error);
          }
          open--;
          next(worker);
        };
        for (const worker of this.#workers) next(worker);
      });
    } catch (error) {
      // What the others are busy with is of no use any more.
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
