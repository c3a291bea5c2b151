import type { DlintError } from '../errors.ts';
import type { Limits } from './limits.ts';
import { decodePath } from './path.ts';
import { decodePax, mergePax, type PaxFields } from './pax.ts';
import { BLOCK, type TarHeader } from './tar-header.ts';

/** Types whose body says something about the next member: pax `x`, its old name `X`, and `g` for all members; GNU `L`, `K`. */
const TYPES = 'xgXLK';

/** Makes the errors of a scan, with its place. */
export interface Faults {
  /** @param back bytes between what is wrong and what was read last */
  corrupt(message: string, back: number): DlintError;
  limit(bound: keyof Limits, message: string, needed?: number): DlintError;
}

/** What a member is, by all the headers that speak of it. */
interface Extension {
  readonly pax: PaxFields;
  readonly name: string;
  readonly link: string;
}

/** The extended headers of a tar: those that wait for their member, and those that hold for all that follow. */
export class ExtendedHeaders {
  readonly #limits: Limits;
  readonly #faults: Faults;
  #bytes: Buffer = Buffer.alloc(0);
  #filled = 0;
  #type = '';
  #global: PaxFields = {};
  /** Bytes of the extended headers since the last member, and of those whose attributes hold for all members. */
  #ownBytes = 0;
  #globalBytes = 0;
  /** Bytes of attributes that were copied from the global header to members. */
  #copiedBytes = 0;
  #own: PaxFields | undefined;
  #longName: string | undefined;
  #longLink: string | undefined;
  #isBare = true;

  constructor(limits: Limits, faults: Faults) {
    this.#limits = limits;
    this.#faults = faults;
  }

  static has(type: string): boolean {
    return TYPES.includes(type);
  }

  /** Nothing was said so far that holds for the next member. */
  get isBare(): boolean {
    return this.#isBare;
  }

  /** Whether something waits for its member. */
  get isOpen(): boolean {
    return this.#own !== undefined || this.#longName !== undefined;
  }

  /** Makes room for the body of an extended header. */
  begin({ size, type }: TarHeader): void {
    if (!(size >= 0)) throw this.#faults.corrupt('an extended header has no valid size', BLOCK);
    if (type !== 'g') this.#ownBytes += size;
    const total = Math.max(size, this.#ownBytes);
    if (total > this.#limits.extendedHeaderBytes) {
      throw this.#faults.limit('extendedHeaderBytes', `extended headers of ${total} bytes`, total);
    }
    this.#isBare = false;
    this.#type = type;
    this.#bytes = Buffer.alloc(size);
    this.#filled = 0;
  }

  write(chunk: Buffer): void {
    this.#filled += chunk.copy(this.#bytes, this.#filled);
  }

  /** The body is there. */
  end(): void {
    const bytes = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    if (this.#type === 'L') this.#longName = decodeLongName(bytes);
    else if (this.#type === 'K') this.#longLink = decodeLongName(bytes);
    else {
      const fields = this.#type === 'g' ? this.#global : (this.#own ?? {});
      if (!decodePax(bytes, fields)) {
        throw this.#faults.corrupt('a pax header has a malformed record', bytes.length);
      }
      if (this.#type !== 'g') this.#own = fields;
      else if (fields.xattrs) this.#boundGlobal(bytes.length);
    }
  }

  /** Applies what was said to a member's header. */
  extend(header: TarHeader): Extension {
    const pax = this.#pax();
    const name = pax.path ?? this.#longName ?? header.name;
    const link = pax.link ?? this.#longLink ?? header.link;
    this.#own = undefined;
    this.#ownBytes = 0;
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#isBare = Object.keys(this.#global).length === 0;
    return { pax, name, link };
  }

  /** Attributes for all members are kept, and copied to every member that has a header of its own. */
  #boundGlobal(bytes: number): void {
    this.#globalBytes += bytes;
    if (this.#globalBytes > this.#limits.extendedHeaderBytes) {
      throw this.#faults.limit(
        'extendedHeaderBytes',
        `global headers of ${this.#globalBytes} bytes`,
        this.#globalBytes,
      );
    }
  }

  #pax(): PaxFields {
    if (!this.#own) return this.#global;
    this.#copiedBytes += this.#globalBytes;
    if (this.#copiedBytes > this.#limits.xattrBytes) {
      const message = `extended attributes of more than ${this.#limits.xattrBytes} bytes`;
      throw this.#faults.limit('xattrBytes', message);
    }
    return mergePax(this.#global, this.#own);
  }
}

function decodeLongName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return decodePath(end < 0 ? bytes : bytes.subarray(0, end));
}
