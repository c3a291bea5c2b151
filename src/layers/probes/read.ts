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
  /** Chooses by what the tar's header tells. */
  wants(file: { readonly path: string; readonly size: number; readonly mode: number }): boolean;
  /** Chooses by the first bytes, at most 512. Default: all that it wants. */
  accepts?(head: Uint8Array): boolean;
  /**
   * What the file is: plain data that can be cloned to another thread, small and bounded, no view of `bytes`. Undefined when it is nothing.
   * What it throws is told as a problem of the file.
   */
  read(bytes: ByteSource, path: string): unknown;
}

/** Fact of the `read` probe. `entry` indexes the record's table. */
export interface Reading {
  readonly entry: number;
  /** Name of the reader. */
  readonly reader: string;
  readonly value: unknown;
}

const HEAD = 512;

/** What makes the probe of these readers, for one layer. */
export function readProbe(
  readers: readonly FileReader[],
): (options: unknown, context: ProbeContext) => Probe<Reading[]> {
  return (_, { limits, problem }) => {
    const collector = new ByteCollector();
    const wanting = new Map<string, readonly FileReader[]>();
    return {
      name: 'read',
      version: 1,
      needsHead: false,
      wants(file) {
        const chosen = readers.filter((reader) => reader.wants(file));
        if (chosen.length === 0) return false;
        if (file.size > limits.readFileBytes) {
          problem(`${printablePath(file.path)}: not read: ${file.size} bytes are more than ${limits.readFileBytes}`);
          return false;
        }
        wanting.set(file.path, chosen);
        return true;
      },
      open({ index, path, size }) {
        const chosen = wanting.get(path) ?? [];
        wanting.delete(path);
        collector.begin(size);
        return new ReadSink(chosen, index, path, collector, problem);
      },
    };
  };
}

class ReadSink implements ProbeSink<Reading[]> {
  readonly #entry: number;
  readonly #path: string;
  readonly #bytes: ByteCollector;
  readonly #problem: (message: string) => void;
  #readers: readonly FileReader[];
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
      if (this.#readers.length > 0) this.#bytes.write(chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= HEAD) this.#choose(this.#head);
  }

  end(): Reading[] | undefined {
    try {
      if (this.#head) this.#choose(this.#head);
      if (this.#readers.length === 0) return undefined;
      const source = this.#bytes.source();
      const found = this.#readers.flatMap((reader) => this.#read(reader, source));
      return found.length > 0 ? found : undefined;
    } finally {
      this.#bytes.end();
    }
  }

  #choose(seen: Buffer): void {
    this.#head = undefined;
    const head = seen.subarray(0, HEAD);
    this.#readers = this.#readers.filter((reader) => reader.accepts?.(head) ?? true);
    if (this.#readers.length > 0) this.#bytes.write(seen);
  }

  #read(reader: FileReader, source: ByteSource): Reading[] {
    try {
      const value = reader.read(source, this.#path);
      return value === undefined ? [] : [{ entry: this.#entry, reader: reader.name, value }];
    } catch (error) {
      this.#problem(`${printablePath(this.#path)}: not read: ${(error as Error).message}`);
      return [];
    }
  }
}
