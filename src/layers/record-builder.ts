import { DlintError } from '../errors.ts';
import { BodyHash } from './body-hash.ts';
import { rangeSource } from './byte-source.ts';
import type { Entry } from './entry.ts';
import type { EntryTable } from './entry-table.ts';
import { EntryTableBuilder } from './entry-table-builder.ts';
import { type Limits, raise } from './limits.ts';
import { decodePath, printablePath } from './path.ts';
import type { PlainHeader } from './plain-header.ts';
import { createProbe, type ProbeTable } from './probes/index.ts';
import type { Probe, ProbeRequest, ProbeSink } from './record.ts';
import { layerEntry } from './tar.ts';
import type { TarMember } from './tar-member.ts';
import type { BodySink, TarVisitor } from './tar-scanner.ts';

const HEAD = 512;
const NO_HEAD = Buffer.alloc(0);

interface RecordParts {
  readonly storedBytes: number;
  readonly entries: EntryTable;
  readonly facts: Readonly<Record<string, readonly unknown[]>>;
  readonly problems: readonly string[];
}

/** What probes are told of a file. */
type ProbedFile = Pick<Entry, 'path' | 'size' | 'mode' | 'bodyOffset'>;

/** An open file and where in it an uncompressed layer begins. */
interface PlainFile {
  readonly fd: number;
  readonly offset: number;
}

/** Takes the members of one layer and puts its record together. */
export class RecordBuilder implements TarVisitor {
  readonly #table = new EntryTableBuilder();
  readonly #probes: readonly Probe<unknown>[];
  readonly #facts: Record<string, unknown[]> = {};
  readonly #problems: string[] = [];
  readonly #limits: Limits;
  readonly #where: string;
  readonly #hashes: boolean | 'stored';
  readonly #needsHead: boolean;
  readonly #file: PlainFile | undefined;
  #unlisted = 0;
  #storedBytes = 0;
  #xattrBytes = 0;

  /**
   * @param hashes whether to hash every body; `stored`: those of sparse files too, as they are stored
   * @param file where the layer lies, when bodies in it can be read anywhere
   */
  constructor(
    probes: readonly ProbeRequest[],
    hashes: boolean | 'stored',
    where: string,
    limits: Limits,
    table?: ProbeTable,
    file?: PlainFile,
  ) {
    this.#limits = limits;
    this.#where = where;
    this.#hashes = hashes;
    this.#file = file;
    const context = { limits, problem: (message: string) => this.problem(message) };
    this.#probes = probes.map((request) => createProbe(request, context, table));
    this.#needsHead = this.#probes.some((probe) => probe.needsHead);
    for (const probe of this.#probes) this.#facts[probe.name] = [];
  }

  member(member: TarMember): BodySink | undefined {
    this.#storedBytes += member.size;
    const entry = layerEntry(member, (message) => this.problem(message));
    if (!entry) return undefined;
    const index = this.#table.add(entry);
    this.#bound(entry);
    if (entry.kind !== 'file') return undefined;
    if (member.isSparse) this.problem(`${printablePath(entry.path)}: a sparse file, its size is that without holes`);
    const sinks = member.isSparse ? [] : this.#probeSinks(index, entry);
    if (this.#hashes === 'stored' || (this.#hashes && !member.isSparse)) sinks.push(this.#hashSink(index, entry.size));
    return sinks.length > 1 ? severalSinks(sinks) : sinks[0];
  }

  plain(header: PlainHeader): BodySink | undefined {
    const { size, mode, bodyOffset } = header;
    this.#storedBytes += size;
    const index = this.#table.addPlain(header);
    if (this.#table.nameBytes > this.#limits.nameBytes) this.#refuseNames();
    if (header.kind !== 'file') return undefined;
    if (this.#probes.length === 0) return this.#hashes ? this.#hashSink(index, size) : undefined;
    const path = decodePath(header.names, header.pathStart, header.pathEnd);
    const sinks = this.#probeSinks(index, { path, size, mode, bodyOffset });
    if (this.#hashes) sinks.push(this.#hashSink(index, size));
    return sinks.length > 1 ? severalSinks(sinks) : sinks[0];
  }

  problem(message: string): void {
    if (this.#problems.length < this.#limits.problems) this.#problems.push(message);
    else this.#unlisted++;
  }

  build(): RecordParts {
    const more = this.#unlisted > 0 ? [`${this.#unlisted} more problems`] : [];
    return {
      storedBytes: this.#storedBytes,
      entries: this.#table.build(),
      facts: this.#facts,
      problems: [...this.#problems, ...more],
    };
  }

  #bound(entry: Entry): void {
    for (const [name, value] of Object.entries(entry.xattrs ?? {})) this.#xattrBytes += name.length + value.length;
    const { nameBytes, xattrBytes } = this.#limits;
    if (this.#table.nameBytes > nameBytes) this.#refuseNames();
    if (this.#xattrBytes > xattrBytes)
      this.#refuse('xattrBytes', `extended attributes of more than ${xattrBytes} bytes`);
  }

  #refuseNames(): never {
    this.#refuse('nameBytes', `names of more than ${this.#limits.nameBytes} bytes`);
  }

  #refuse(bound: keyof Limits, message: string): never {
    throw new DlintError('E_LIMIT', message, { where: this.#where, hint: raise(bound, this.#limits) });
  }

  #probeSinks(index: number, entry: ProbedFile): BodySink[] {
    if (this.#needsHead) return [this.#headSink(index, entry)];
    return this.#wanting(index, entry, NO_HEAD);
  }

  #wanting(index: number, entry: ProbedFile, head: Uint8Array): BodySink[] {
    const { path, size } = entry;
    const sinks: BodySink[] = [];
    for (const probe of this.#probes) {
      if (!probe.wants(entry, head)) continue;
      if (!probe.read || !this.#file) sinks.push(this.#factSink(probe.name, probe.open({ index, path, size })));
      else {
        const body = rangeSource(this.#file.fd, this.#file.offset + entry.bodyOffset, size);
        this.#addFact(probe.name, probe.read({ index, path, size }, body));
      }
    }
    return sinks;
  }

  #factSink(name: string, sink: ProbeSink<unknown>): BodySink {
    return {
      write: (chunk) => sink.write(chunk),
      end: () => {
        this.#addFact(name, sink.end());
      },
    };
  }

  #addFact(name: string, fact: unknown): void {
    if (fact !== undefined) this.#facts[name]?.push(fact);
  }

  /** Holds the body's first bytes back until the probes have seen enough to choose. */
  #headSink(index: number, entry: ProbedFile): BodySink {
    let head: Buffer | undefined = NO_HEAD;
    let sinks: BodySink[] = [];
    const choose = (seen: Buffer): void => {
      sinks = this.#wanting(index, entry, seen.subarray(0, HEAD));
      head = undefined;
      if (seen.length > 0) for (const sink of sinks) sink.write(seen);
    };
    return {
      write(chunk) {
        if (!head) for (const sink of sinks) sink.write(chunk);
        else {
          head = Buffer.concat([head, chunk]);
          if (head.length >= HEAD) choose(head);
        }
      },
      end() {
        if (head) choose(head);
        for (const sink of sinks) sink.end();
      },
    };
  }

  #hashSink(index: number, size: number): BodySink {
    const hash = new BodyHash(size);
    return { write: (chunk) => hash.write(chunk), end: () => this.#table.setDigest(index, hash.digest()) };
  }
}

function severalSinks(sinks: readonly BodySink[]): BodySink {
  return {
    write(chunk) {
      for (const sink of sinks) sink.write(chunk);
    },
    end() {
      for (const sink of sinks) sink.end();
    },
  };
}
