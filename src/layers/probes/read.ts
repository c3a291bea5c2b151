import { ByteCollector, type ByteSource } from '../byte-source.ts';
import { printablePath } from '../path.ts';
import type { Probe, ProbeSink } from '../record.ts';
import type { ProbeContext } from './index.ts';

/**
 * Reduces a file to what is worth knowing of it while the layer passes, so that it need not be kept: a jar to the
 * packages in it, an executable to its build information.
 */
export interface FileReader {
  /** Unique. */
  readonly name: string;
  /** To be raised with every change of what `read` gives: records are cached. */
  readonly version: number;
  /** It looks at no more than so many bytes from the beginning; of a file that nobody wants more of, no more is kept. */
  readonly most?: number;
  /** Chooses by what the tar's header tells. */
  wants(file: { readonly path: string; readonly size: number; readonly mode: number }): boolean;
  /** Chooses by the first bytes, at most 512. Default: all that it wants. */
  accepts?(head: Uint8Array): boolean;
  /**
   * What the file is: plain data that can be cloned to another thread, small and bounded, no view of `bytes`. Undefined when it is nothing.
   * What it throws is told as a problem of the file. What several readers need to know of it goes through `once`.
   */
  read(bytes: ByteSource, path: string, once: Once): unknown;
}

/** What a function makes of the file's bytes, worked out for the first reader that asks. */
export type Once = <T>(make: (bytes: ByteSource) => T) => T;

/** Fact of the `read` probe. `entry` indexes the record's table. */
export interface Reading {
  readonly entry: number;
  /** Name of the reader. */
  readonly reader: string;
  readonly value: unknown;
}

const HEAD = 512;

/**
 * What makes the probe of these readers, for one layer.
 * @param room bytes of a file that waits in memory, at most; larger ones wait in a temporary file
 */
export function readProbe(
  readers: readonly FileReader[],
  room?: number,
): (options: unknown, context: ProbeContext) => Probe<Reading[]> {
  // Several readers want executables, by one and the same function: it is asked once for each file.
  const choices = [...new Set(readers.map(({ wants }) => wants))];
  return (_, { limits, problem }) => {
    const collector = new ByteCollector(room);
    const wanting = new Map<string, readonly FileReader[]>();
    return {
      name: 'read',
      version: 1,
      needsHead: false,
      wants(file) {
        const fitting = choices.filter((wants) => wants(file));
        if (fitting.length === 0) return false;
        const chosen = readers.filter(({ wants }) => fitting.includes(wants));
        if (reachOf(chosen, file.size) > limits.readFileBytes) {
          problem(`${printablePath(file.path)}: not read: ${file.size} bytes are more than ${limits.readFileBytes}`);
          return false;
        }
        wanting.set(file.path, chosen);
        return true;
      },
      open({ index, path, size }) {
        const chosen = wanting.get(path) ?? [];
        wanting.delete(path);
        collector.begin(reachOf(chosen, size));
        return new ReadSink(chosen, index, path, collector, problem);
      },
      read({ index, path }, body) {
        const chosen = accepting(wanting.get(path) ?? [], body.slice(0, HEAD));
        wanting.delete(path);
        return readWith(chosen, index, path, body, problem);
      },
    };
  };
}

/** How many bytes of a file of `size` these readers may look at. */
function reachOf(readers: readonly FileReader[], size: number): number {
  return Math.min(size, Math.max(...readers.map(({ most = size }) => most), HEAD));
}

class ReadSink implements ProbeSink<Reading[]> {
  readonly #entry: number;
  readonly #path: string;
  readonly #bytes: ByteCollector;
  readonly #problem: (message: string) => void;
  #readers: readonly FileReader[];
  /** How many more bytes are kept. */
  #room = 0;
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(
    readers: readonly FileReader[],
    entry: number,
    path: string,
    bytes: ByteCollector,
    problem: (message: string) => void,
  ) {
    this.#readers = readers;
    this.#entry = entry;
    this.#path = path;
    this.#bytes = bytes;
    this.#problem = problem;
  }

  write(chunk: Uint8Array): void {
    if (!this.#head) {
      this.#keep(chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= HEAD) this.#choose(this.#head);
  }

  end(): Reading[] | undefined {
    try {
      if (this.#head) this.#choose(this.#head);
      return readWith(this.#readers, this.#entry, this.#path, this.#bytes.source(), this.#problem);
    } finally {
      this.#bytes.end();
    }
  }

  #choose(seen: Buffer): void {
    this.#head = undefined;
    this.#readers = accepting(this.#readers, seen.subarray(0, HEAD));
    this.#room = Math.max(0, ...this.#readers.map(({ most = Number.POSITIVE_INFINITY }) => most));
    this.#keep(seen);
  }

  #keep(chunk: Uint8Array): void {
    if (this.#room <= 0) return;
    this.#bytes.write(chunk.length > this.#room ? chunk.subarray(0, this.#room) : chunk);
    this.#room -= chunk.length;
  }
}

function accepting(readers: readonly FileReader[], head: Uint8Array): FileReader[] {
  return readers.filter((reader) => reader.accepts?.(head) ?? true);
}

function readWith(
  readers: readonly FileReader[],
  entry: number,
  path: string,
  bytes: ByteSource,
  problem: (message: string) => void,
): Reading[] | undefined {
  const once = onceFor(bytes);
  const found = readers.flatMap((reader): Reading[] => {
    try {
      const value = reader.read(bytes, path, once);
      return value === undefined ? [] : [{ entry, reader: reader.name, value }];
    } catch (error) {
      problem(`${printablePath(path)}: not read: ${(error as Error).message}`);
      return [];
    }
  });
  return found.length > 0 ? found : undefined;
}

/** For one file. */
export function onceFor(bytes: ByteSource): Once {
  const made = new Map<(bytes: ByteSource) => unknown, unknown>();
  return <T>(make: (bytes: ByteSource) => T): T => {
    if (!made.has(make)) made.set(make, make(bytes));
    return made.get(make) as T;
  };
}
