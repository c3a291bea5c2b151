import { closeSync } from 'node:fs';
import { rangeSource } from '../layers/byte-source.ts';
import { LIMITS } from '../layers/limits.ts';
import { openNameless, writeNameless } from '../layers/nameless-file.ts';
import { compileGlobs } from '../layers/probes/globs.ts';
import type { KeptBody, LayerRecord, Probe, ProbeSink } from '../layers/record.ts';
import { BUSYBOX_BANNER } from './distro.ts';
import { isExecutable } from './formats/executable.ts';
import { linkedBodies, withKept } from './linked-bodies.ts';

/** What of one layer waits in memory, in bytes; more of it in a temporary file. */
const IN_MEMORY = 64 * 1024 * 1024;
/** A text that only a hard link makes worth reading, in bytes. */
const LARGEST_TEXT = 16 * 1024 * 1024;
/** BusyBox has one or two million bytes. */
const LARGEST_PROGRAM = 4 * 1024 * 1024;
const HEAD = 512;
/** Of the files in stores of contents: OSTree's, Yarn's. */
const STORE_ENDINGS = ['file', 'dat'];

/** Fact of the probe `passed`. */
interface PassedBody {
  /** Indexes the record's table. */
  readonly entry: number;
  read(): Uint8Array;
}

/**
 * What `withLinkedBodies` does, for layers that pass only once: a body that a hard link wants came before it under
 * another name. Texts with an ending that wanted files have, or that says nothing (as in stores of contents), and
 * BusyBox are held until their layer has passed; nobody makes source code or a picture a package's record.
 */
export class PassedBodies {
  readonly #matches: (path: string) => boolean;
  readonly #endings: ReadonlySet<string>;
  readonly #room: number;
  #fd: number | undefined;
  #inFile = 0;

  /**
   * @param globs of the files that catalogers want
   * @param room bytes of one layer that wait in memory, at most
   */
  constructor(globs: readonly string[], room = IN_MEMORY) {
    this.#room = room;
    this.#matches = compileGlobs(globs);
    this.#endings = new Set([...globs.flatMap(endingsOf), ...STORE_ENDINGS, '']);
  }

  /** Holds bodies of one layer. */
  readonly probe = (): Probe<PassedBody> => {
    let held = 0;
    return {
      name: 'passed',
      version: 1,
      needsHead: false,
      wants: ({ path, size }) =>
        size > 0 && size <= LARGEST_TEXT && this.#endings.has(endingOf(path)) && !this.#matches(path),
      open: ({ index: entry, size }) =>
        new PassedSink(size, (bytes) => {
          if (held + bytes.length > this.#room) return { entry, read: this.#write(bytes) };
          held += bytes.length;
          return { entry, read: () => bytes };
        }),
    };
  };

  /** The record with those bodies among its kept ones that hard links want, and without the others. */
  readonly reduce = (scanned: LayerRecord): LayerRecord => {
    const { passed = [], ...facts } = scanned.facts;
    const record = { ...scanned, facts };
    const { fitting, problems } = linkedBodies(record, this.#matches, LIMITS);
    if (fitting.length + problems.length === 0) return record;
    const held = new Map((passed as readonly PassedBody[]).map((body) => [body.entry, body]));
    const found: KeptBody[] = [];
    const missed: string[] = [];
    for (const entry of fitting) {
      const bytes = record.entries.size(entry) === 0 ? new Uint8Array() : held.get(entry)?.read();
      if (bytes) found.push({ entry, bytes });
      else missed.push(`${record.entries.path(entry)}: not read: it had passed when a hard link asked for it`);
    }
    return withKept(record, found, [...problems, ...missed], LIMITS);
  };

  /** To be called when all layers have passed. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #write(bytes: Buffer): () => Uint8Array {
    this.#fd ??= openNameless();
    const fd = this.#fd;
    const at = this.#inFile;
    writeNameless(fd, bytes, at);
    this.#inFile += bytes.length;
    return () => rangeSource(fd, at, bytes.length).slice(0, bytes.length);
  }
}

/** Collects a body while it may be one that is held. */
class PassedSink implements ProbeSink<PassedBody> {
  readonly #size: number;
  readonly #hold: (bytes: Buffer) => PassedBody;
  #chunks: Buffer[] | undefined = [];
  #seen = 0;
  #isProgram = false;

  constructor(size: number, hold: (bytes: Buffer) => PassedBody) {
    this.#size = size;
    this.#hold = hold;
  }

  write(chunk: Buffer): void {
    if (!this.#chunks) return;
    this.#chunks.push(Buffer.from(chunk));
    if (this.#seen < HEAD) this.#look(chunk);
    this.#seen += chunk.length;
  }

  end(): PassedBody | undefined {
    if (!this.#chunks) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    return this.#isProgram && !bytes.includes(BUSYBOX_BANNER) ? undefined : this.#hold(bytes);
  }

  #look(chunk: Buffer): void {
    if (this.#isProgram || !chunk.subarray(0, HEAD - this.#seen).includes(0)) return;
    this.#isProgram = this.#size <= LARGEST_PROGRAM && isExecutable(Buffer.concat(this.#chunks ?? []));
    if (!this.#isProgram) this.#chunks = undefined;
  }
}

/** What the names end in that a glob allows. */
function endingsOf(glob: string): string[] {
  const name = glob.slice(glob.lastIndexOf('/') + 1);
  return name.split(/[{},]/).map((part) => (part.includes('.') ? endingOf(part) : part));
}

function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.slice(name.lastIndexOf('.') + 1 || name.length);
}
