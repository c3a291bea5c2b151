import type { ByteSource } from '../../layers/byte-source.ts';

/** A part of an executable that has a name, e.g. `.go.buildinfo`. Offsets and sizes are bytes of the file. */
export interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** A stretch of the file and the address it is loaded to. */
export interface Segment {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly isWritable: boolean;
}

/** An executable or library of any system: what its headers say. */
export interface Executable {
  readonly format: 'elf' | 'pe' | 'macho';
  readonly is64: boolean;
  readonly littleEndian: boolean;
  /** As the format numbers it. */
  readonly machine: number;
  readonly sections: readonly Section[];
  readonly segments: readonly Segment[];
}

/** Headers claim numbers of anything; more than this is damage. */
const MAX_PARTS = 20_000;
const MAX_NAMES = 16 * 1024 * 1024;
/** Bytes of one header in a table of them; those of all systems have 64 at most. */
const MAX_HEADER = 1024;
/** Bytes of a section's name. */
const MAX_NAME = 256;
const FAT_SLICES = 16;

/** Whether a file begins as an executable of some kind does. */
export function isExecutable(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = new DataView(head.buffer, head.byteOffset, 4).getUint32(0);
  return magic === 0x7f454c46 || magic >>> 16 === 0x4d5a || MACHO.has(magic) || magic === FAT;
}

/**
 * Reads the headers of an ELF, PE or Mach-O file; of a fat Mach-O the first slice. Undefined when it is none of them.
 * What lies outside the file is left out, so a cut file has fewer sections.
 */
export function readExecutable(bytes: ByteSource): Executable | undefined {
  const head = bytes.slice(0, 64);
  if (head.length < 32) return undefined;
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) return readElf(bytes, head);
  if (magic >>> 16 === 0x4d5a) return readPe(bytes, head);
  if (MACHO.has(magic)) return readMacho(bytes, 0);
  return magic === FAT ? readFat(bytes) : undefined;
}

/** The bytes of a section by any of its names. */
export function sectionBytes(bytes: ByteSource, executable: Executable, ...names: string[]): Buffer | undefined {
  const found = executable.sections.find(({ name }) => names.includes(name));
  return found && bytes.slice(found.offset, found.offset + found.size);
}

/** Bytes at an address of the loaded program; fewer, or none, where the file has no more there. */
export function bytesAt(bytes: ByteSource, { segments }: Executable, address: number, length: number): Buffer {
  const segment = segments.find((one) => address >= one.address && address < one.address + one.size);
  if (!segment) return Buffer.alloc(0);
  const start = segment.offset + (address - segment.address);
  return bytes.slice(start, Math.min(start + length, segment.offset + segment.size));
}

class Fields {
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Buffer, little: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = little;
  }

  /** 0 beyond the end. */
  u16(at: number): number {
    return at + 2 <= this.#view.byteLength ? this.#view.getUint16(at, this.#little) : 0;
  }

  u32(at: number): number {
    return at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, this.#little) : 0;
  }

  u64(at: number): number {
    return at + 8 <= this.#view.byteLength ? Number(this.#view.getBigUint64(at, this.#little)) : 0;
  }
}

/** System V ABI, "Object Files". */
function readElf(bytes: ByteSource, head: Buffer): Executable | undefined {
  const is64 = head[4] === 2;
  const littleEndian = head[5] !== 2;
  const fields = new Fields(head, littleEndian);
  const word = (from: Fields, at64: number, at32: number) => (is64 ? from.u64(at64) : from.u32(at32));
  const sectionsAt = word(fields, 40, 32);
  const sectionBytes = fields.u16(is64 ? 58 : 46);
  const segmentsAt = word(fields, 32, 28);
  const segmentBytes = fields.u16(is64 ? 54 : 42);
  const segmentCount = fields.u16(is64 ? 56 : 44);
  const table = (at: number, each: number, count: number) =>
    each === 0 || each > MAX_HEADER || count > MAX_PARTS
      ? []
      : chunksOf(bytes.slice(at, at + each * count), each).map((chunk) => new Fields(chunk, littleEndian));
  // More sections than a halfword holds: the first one's size is the number, its link the index of the names.
  const first = new Fields(bytes.slice(sectionsAt, sectionsAt + sectionBytes), littleEndian);
  const sectionCount = fields.u16(is64 ? 60 : 48) || (sectionsAt > 0 ? word(first, 32, 20) : 0);
  const namesIndex = fields.u16(is64 ? 62 : 50);
  const headers = table(sectionsAt, sectionBytes, sectionCount).map((from) => ({
    name: from.u32(0),
    type: from.u32(4),
    offset: word(from, 24, 16),
    size: word(from, 32, 20),
  }));
  const names = headers[namesIndex === 0xffff ? first.u32(is64 ? 40 : 24) : namesIndex];
  const text = names ? bytes.slice(names.offset, names.offset + Math.min(names.size, MAX_NAMES)) : Buffer.alloc(0);
  const NOBITS = 8;
  return {
    format: 'elf',
    is64,
    littleEndian,
    machine: fields.u16(18),
    sections: headers
      .filter(({ type, offset }) => type !== NOBITS && type !== 0 && offset <= bytes.size)
      .map(({ name, offset, size }) => ({ name: cString(text, name), offset, size })),
    segments: table(segmentsAt, segmentBytes, segmentCount)
      .filter((from) => from.u32(0) === 1)
      .map((from) => ({
        address: word(from, 16, 8),
        offset: word(from, 8, 4),
        size: word(from, 32, 16),
        isWritable: (from.u32(is64 ? 4 : 24) & 2) !== 0,
      })),
  };
}

/** Microsoft PE/COFF specification. */
function readPe(bytes: ByteSource, head: Buffer): Executable | undefined {
  const at = head.readUInt32LE(60);
  const coff = bytes.slice(at, at + 24);
  if (coff.length < 24 || coff.readUInt32BE(0) !== 0x50450000) return undefined;
  const optionalBytes = coff.readUInt16LE(20);
  const optional = new Fields(bytes.slice(at + 24, at + 24 + optionalBytes), true);
  const is64 = optional.u16(0) === 0x20b;
  const base = is64 ? optional.u64(24) : optional.u32(28);
  const sectionsAt = at + 24 + optionalBytes;
  const count = coff.readUInt16LE(6);
  const parts = chunksOf(bytes.slice(sectionsAt, sectionsAt + 40 * count), 40).map((chunk) => {
    const from = new Fields(chunk, true);
    return {
      name: cString(chunk.subarray(0, 8), 0),
      address: base + from.u32(12),
      offset: from.u32(20),
      size: Math.min(from.u32(16), from.u32(8) || from.u32(16)),
      isWritable: from.u32(36) >= 0x80000000,
    };
  });
  const there = parts.filter(({ offset }) => offset > 0 && offset <= bytes.size);
  return { format: 'pe', is64, littleEndian: true, machine: coff.readUInt16LE(4), sections: there, segments: there };
}

/** Mach-O, <mach-o/loader.h>: 32 and 64 bits, either byte order. */
const MACHO = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);
/** <mach-o/fat.h>, always big endian. Java classes begin with the same four bytes. */
const FAT = 0xcafebabe;

function readFat(bytes: ByteSource): Executable | undefined {
  const head = bytes.slice(0, 28);
  const count = head.readUInt32BE(4);
  if (count === 0 || count > FAT_SLICES) return undefined;
  const at = head.readUInt32BE(16);
  const magic = bytes.slice(at, at + 4);
  return magic.length === 4 && MACHO.has(magic.readUInt32BE(0)) ? readMacho(bytes, at) : undefined;
}

function readMacho(bytes: ByteSource, base: number): Executable | undefined {
  const head = bytes.slice(base, base + 32);
  if (head.length < 28) return undefined;
  const littleEndian = (head[0] as number) !== 0xfe;
  const fields = new Fields(head, littleEndian);
  const is64 = fields.u32(0) === 0xfeedfacf;
  const commands = bytes.slice(base + (is64 ? 32 : 28), base + 32 + Math.min(fields.u32(20), MAX_NAMES));
  const from = new Fields(commands, littleEndian);
  const sections: Section[] = [];
  const segments: Segment[] = [];
  const word = (at: number) => (is64 ? from.u64(at) : from.u32(at));
  const step = is64 ? 8 : 4;
  for (let at = 0, i = 0; i < Math.min(fields.u32(16), MAX_PARTS) && at + 8 <= commands.length; i++) {
    const size = from.u32(at + 4);
    if (size < 8) break;
    if (from.u32(at) === (is64 ? 0x19 : 0x1)) {
      segments.push({
        address: word(at + 24),
        offset: base + word(at + 24 + 2 * step),
        size: word(at + 24 + 3 * step),
        isWritable: (from.u32(at + 24 + 4 * step + 4) & 2) !== 0,
      });
      const header = at + 24 + 4 * step + 16;
      const each = is64 ? 80 : 68;
      for (let s = 0; s < Math.min(from.u32(header - 8), 1000) && header + (s + 1) * each <= at + size; s++) {
        const part = header + s * each;
        sections.push({
          name: cString(commands.subarray(part, part + 16), 0),
          offset: base + from.u32(part + 32 + 2 * step),
          size: word(part + 32 + step),
        });
      }
    }
    at += size;
  }
  return { format: 'macho', is64, littleEndian, machine: fields.u32(4), sections, segments };
}

function chunksOf(bytes: Buffer, each: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / each) }, (_, i) => bytes.subarray(i * each, (i + 1) * each));
}

function cString(bytes: Buffer, at: number): string {
  if (at >= bytes.length) return '';
  const most = bytes.subarray(at, at + MAX_NAME);
  const end = most.indexOf(0);
  return most.toString('latin1', 0, end < 0 ? most.length : end);
}
