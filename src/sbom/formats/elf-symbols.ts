import type { ByteSource } from '../../layers/byte-source.ts';
import { bytesAt, type Executable, sectionBytes } from './executable.ts';

/** Bounds of the tables that are read. */
const MAX_TABLE = 64 << 20;
/** `R_X86_64_RELATIVE`, `R_AARCH64_RELATIVE`, `R_PPC64_RELATIVE`, `R_390_RELATIVE`, `R_RISCV_RELATIVE`. */
const RELATIVE = new Set([8, 1027, 22, 12, 3]);

/** Addresses of symbols that an ELF file exports (System V ABI, "Symbol Table"), by the names asked for. */
export function exportedSymbols(
  bytes: ByteSource,
  executable: Executable,
  names: readonly string[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const symbols = tableOf(bytes, executable, '.dynsym');
  const strings = tableOf(bytes, executable, '.dynstr');
  if (!symbols || !strings) return found;
  const wanted = new Map(names.map((name) => [name, Buffer.from(`${name}\0`, 'latin1')]));
  const { is64, littleEndian } = executable;
  const each = is64 ? 24 : 16;
  const view = new DataView(symbols.buffer, symbols.byteOffset, symbols.length);
  for (let at = 0; at + each <= symbols.length && found.size < wanted.size; at += each) {
    const nameAt = view.getUint32(at, littleEndian);
    for (const [name, text] of wanted) {
      if (nameAt + text.length > strings.length || text.compare(strings, nameAt, nameAt + text.length) !== 0) continue;
      const value = is64 ? Number(view.getBigUint64(at + 8, littleEndian)) : view.getUint32(at + 4, littleEndian);
      found.set(name, value);
    }
  }
  return found;
}

/**
 * What the loader would find at addresses of a 64-bit library: a pointer that is moved with it stands in `.rela.dyn`,
 * or, with packed relocations, in its place.
 */
export function pointerReader(bytes: ByteSource, executable: Executable): (address: number) => number {
  const { littleEndian } = executable;
  const addends = new Map<number, number>();
  const table = tableOf(bytes, executable, '.rela.dyn') ?? Buffer.alloc(0);
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  for (let at = 0; at + 24 <= table.length; at += 24) {
    if (!RELATIVE.has(Number(view.getBigUint64(at + 8, littleEndian) & 0xffffffffn))) continue;
    addends.set(Number(view.getBigUint64(at, littleEndian)), Number(view.getBigInt64(at + 16, littleEndian)));
  }
  return (address) => {
    const moved = addends.get(address);
    if (moved !== undefined) return moved;
    const word = bytesAt(bytes, executable, address, 8);
    if (word.length < 8) return 0;
    return Number(littleEndian ? word.readBigUInt64LE(0) : word.readBigUInt64BE(0));
  };
}

/** A copy: what a source gives is reused. */
function tableOf(bytes: ByteSource, executable: Executable, name: string): Buffer | undefined {
  const section = executable.sections.find((one) => one.name === name);
  if (!section || section.size > MAX_TABLE) return undefined;
  const found = sectionBytes(bytes, executable, name);
  return found && Buffer.from(found);
}
