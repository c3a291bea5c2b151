import { DlintError } from '../errors.ts';
import { ExtendedHeaders } from './extended-headers.ts';
import { LIMITS, type Limits, raise } from './limits.ts';
import { decodePath, printablePath } from './path.ts';
import { PLAIN_NAME_BYTES, PlainHeader } from './plain-header.ts';
import { BLOCK, decodeHeader, HeaderSum, type TarHeader } from './tar-header.ts';
import { decodeMember, type TarMember } from './tar-member.ts';

/** Takes a body; chunks are reused after `write` returns. */
export interface BodySink {
  write(chunk: Buffer): void;
  end(): void;
}

export interface TarVisitor {
  /** Called for each member in order; without a sink its body is passed over. */
  member(member: TarMember): BodySink | undefined;
  /** The same of a member with a plain header, which is valid until it returns; without, `member` is called for all. */
  plain?(header: PlainHeader): BodySink | undefined;
  problem(message: string): void;
}

/** What the next byte belongs to. */
type State = 'header' | 'sparse-map' | 'extended' | 'body' | 'padding' | 'ending' | 'done';

/**
 * Reads a tar that is written to it in chunks of any size, and lets its owner skip what nobody wants: after `write`,
 * `skippable` bytes may be left out by calling `skip` instead. Knows ustar, v7, star, GNU (long names, base-256, old
 * sparse) and pax. Errors are `E_TRUNCATED`, `E_CORRUPT` and `E_LIMIT`, with the byte and the member.
 */
export class TarScanner {
  readonly #visitor: TarVisitor;
  readonly #where: string;
  readonly #limits: Limits;
  #state: State = 'header';
  /** Bytes of the tar taken so far. */
  #offset = 0;
  /** Bytes of the current state still to come. */
  #remaining = 0;
  #padding = 0;
  #sink: BodySink | undefined;
  readonly #block = Buffer.alloc(BLOCK);
  readonly #sums = new HeaderSum();
  readonly #plain = new PlainHeader();
  /** Whether the visitor takes plain headers, and their names are within all limits. */
  readonly #takesPlain: boolean;
  #buffered = 0;
  readonly #extended: ExtendedHeaders;
  #header: TarHeader | undefined;
  /** Name of the member that is read; undefined where it is in the plain header. */
  #member: string | undefined = '';
  #members = 0;

  constructor(visitor: TarVisitor, where: string, limits: Limits = LIMITS) {
    this.#visitor = visitor;
    this.#where = where;
    this.#limits = limits;
    this.#extended = new ExtendedHeaders(limits, {
      corrupt: (message, back) => this.#error('E_CORRUPT', message, this.#offset - back),
      limit: (bound, message, needed) => this.#limit(bound, message, needed),
    });
    const { pathBytes, pathDepth } = limits;
    this.#takesPlain = visitor.plain !== undefined && Math.min(pathBytes, pathDepth) >= PLAIN_NAME_BYTES;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Members seen so far. */
  get members(): number {
    return this.#members;
  }

  /** Bytes from here on that need not be written. */
  get skippable(): number {
    if (this.#state === 'done') return Number.POSITIVE_INFINITY;
    if (this.#state === 'padding') return this.#remaining;
    return this.#state === 'body' && !this.#sink ? this.#remaining + this.#padding : 0;
  }

  /** Passes over `count` bytes, at most `skippable`. */
  skip(count: number): void {
    this.#offset += count;
    if (this.#state === 'done') return;
    if (this.#state === 'body' && count > this.#remaining) {
      this.#remaining += this.#padding - count;
      this.#state = 'padding';
    } else this.#remaining -= count;
    if (this.#remaining === 0) this.#afterSkip();
  }

  write(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'done') at += this.#take(chunk, at);
    this.#offset += chunk.length - at;
  }

  /** States that the input ends here. */
  end(): void {
    if (this.#state === 'body') this.#truncated(`inside ${this.#memberName()}, ${this.#remaining} bytes short`);
    if (this.#state === 'extended' || this.#state === 'sparse-map') this.#truncated('inside an extended header');
    if (this.#buffered > 0 && this.#block.subarray(0, this.#buffered).some((byte) => byte !== 0)) {
      if (this.#members === 0 && this.#offset < BLOCK) throw this.#error('E_CORRUPT', 'this is no tar archive', 0);
      this.#truncated('inside a header');
    }
    if (this.#extended.isOpen) this.#truncated('after an extended header');
  }

  /** Takes what it can from `chunk` at `at`; returns how many bytes. */
  #take(chunk: Buffer, at: number): number {
    if (this.#state === 'header' || this.#state === 'ending' || this.#state === 'sparse-map') {
      return this.#takeBlock(chunk, at);
    }
    const count = Math.min(this.#remaining, chunk.length - at);
    if (this.#state === 'extended') {
      this.#extended.write(chunk.subarray(at, at + count));
    } else if (this.#state === 'body') this.#sink?.write(chunk.subarray(at, at + count));
    this.#offset += count;
    this.#remaining -= count;
    if (this.#remaining === 0) this.#finish();
    return count;
  }

  #takeBlock(chunk: Buffer, at: number): number {
    if (this.#buffered === 0 && chunk.length - at >= BLOCK) {
      this.#offset += BLOCK;
      this.#onBlock(chunk, at);
      return BLOCK;
    }
    const count = Math.min(BLOCK - this.#buffered, chunk.length - at);
    chunk.copy(this.#block, this.#buffered, at, at + count);
    this.#buffered += count;
    this.#offset += count;
    if (this.#buffered === BLOCK) {
      this.#buffered = 0;
      this.#onBlock(this.#block, 0);
    }
    return count;
  }

  #onBlock(block: Buffer, at: number): void {
    if (this.#state === 'sparse-map') {
      if (block[at + 504] === 0) this.#beginBody(this.#header as TarHeader);
      return;
    }
    if (
      this.#extended.isBare &&
      this.#takesPlain &&
      this.#state === 'header' &&
      this.#plain.read(block, at, this.#sums)
    ) {
      this.#onPlain(this.#plain);
      return;
    }
    const header = decodeHeader(block, at, this.#sums);
    if (this.#state === 'ending') {
      if (header !== null)
        this.#visitor.problem(`byte ${this.#offset - BLOCK}: data after a lone zero block is ignored`);
      this.#state = 'done';
    } else if (header === null) this.#state = 'ending';
    else if (header === undefined) {
      const at = this.#offset - BLOCK;
      throw this.#error('E_CORRUPT', at === 0 ? 'this is no tar archive' : 'bad header in a tar archive', at);
    } else this.#onHeader(header);
  }

  #onPlain(header: PlainHeader): void {
    this.#member = undefined;
    this.#count();
    header.bodyOffset = this.#offset;
    this.#sink = this.#visitor.plain?.(header);
    this.#begin('body', header.size);
  }

  #onHeader(header: TarHeader): void {
    if (ExtendedHeaders.has(header.type)) {
      this.#extended.begin(header);
      this.#begin('extended', header.size);
    } else if (header.isExtended) {
      this.#header = header;
      this.#state = 'sparse-map';
    } else this.#beginBody(header);
  }

  #begin(state: 'extended' | 'body', size: number): void {
    this.#state = state;
    this.#remaining = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (size === 0) this.#finish();
  }

  /** The current state has all its bytes. */
  #finish(): void {
    if (this.#state === 'extended') this.#extended.end();
    else if (this.#state === 'body') {
      this.#sink?.end();
      this.#sink = undefined;
    }
    this.#afterBody();
  }

  #afterSkip(): void {
    if (this.#state === 'body') this.#afterBody();
    else this.#state = 'header';
  }

  #afterBody(): void {
    const padding = this.#state === 'padding' ? 0 : this.#padding;
    this.#state = padding > 0 ? 'padding' : 'header';
    this.#remaining = padding;
  }

  #beginBody(header: TarHeader): void {
    const { pax, name, link } = this.#extended.extend(header);
    this.#member = name;
    const member = decodeMember(header, pax, name, link, this.#offset);
    if (!member) {
      const type = JSON.stringify(header.type);
      this.#visitor.problem(`${this.#memberName()}: member of type ${type} is left out`);
    }
    const size = member && header.type !== 'D' ? member.size : header.size;
    if (!Number.isSafeInteger(size) || size < 0) {
      throw this.#error('E_CORRUPT', `${this.#memberName()} has no valid size`, this.#offset - BLOCK);
    }
    this.#sink = member && this.#visit(member);
    this.#begin('body', size);
  }

  #visit(member: TarMember): BodySink | undefined {
    this.#count();
    const longest = Math.max(member.name.length, member.link.length);
    if (longest > this.#limits.pathBytes) throw this.#limit('pathBytes', `a name of ${longest} characters`, longest);
    if (member.name.length > this.#limits.pathDepth && depth(member.name) > this.#limits.pathDepth) {
      throw this.#limit('pathDepth', `a path of more than ${this.#limits.pathDepth} names`);
    }
    return this.#visitor.member(member);
  }

  #count(): void {
    if (++this.#members > this.#limits.entries) {
      throw this.#limit('entries', `more than ${this.#limits.entries} members`);
    }
  }

  /** Of the member that is read, for messages. */
  #memberName(): string {
    const { names, pathEnd } = this.#plain;
    return printablePath((this.#member ?? decodePath(names, 0, pathEnd)).slice(0, 200));
  }

  #truncated(where: string): never {
    throw this.#error('E_TRUNCATED', `the tar archive ends early: ${where}`, this.#offset);
  }

  #error(code: 'E_TRUNCATED' | 'E_CORRUPT', message: string, offset: number): DlintError {
    return new DlintError(code, message, { where: `${this.#where}, byte ${offset}` });
  }

  #limit(bound: keyof Limits, message: string, needed?: number): DlintError {
    const hint = raise(bound, this.#limits, needed);
    return new DlintError('E_LIMIT', message, { where: `${this.#where}, byte ${this.#offset}`, hint });
  }
}

function depth(name: string): number {
  let names = 1;
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) names++;
  return names;
}
