interface Part {
  readonly name: string;
  readonly body: Uint8Array;
}

const HEADER = 64;
const SECTION = 64;
const SEGMENT = 56;
const ALIGN = 16;

/**
 * A 64-bit little-endian ELF file that is nothing but sections (System V ABI); each begins at a multiple of 16 bytes, the
 * first at 64.
 * @param base address that the whole file is loaded to, writable; without it nothing is loaded
 */
export function elf(sections: Readonly<Record<string, string | Uint8Array>>, base?: number): Buffer {
  const parts: Part[] = Object.entries(sections).map(([name, body]) => ({
    name,
    body: Buffer.from(body as Uint8Array),
  }));
  const texts = ['', ...parts.map(({ name }) => name), '.shstrtab'];
  const names = Buffer.from(`${texts.join('\0')}\0`);
  parts.push({ name: '.shstrtab', body: names });
  const bodies: Buffer[] = [];
  const headers: Buffer[] = [Buffer.alloc(SECTION)];
  let offset = HEADER;
  for (const { name, body } of parts) {
    const header = Buffer.alloc(SECTION);
    header.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, 0);
    header.writeUInt32LE(1, 4);
    header.writeBigUInt64LE(BigInt(offset), 24);
    header.writeBigUInt64LE(BigInt(body.length), 32);
    headers.push(header);
    bodies.push(Buffer.from(body), Buffer.alloc(padding(body.length)));
    offset += body.length + padding(body.length);
  }
  const head = Buffer.alloc(HEADER);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeUInt16LE(62, 18);
  head.writeBigUInt64LE(BigInt(offset), 40);
  head.writeUInt16LE(SECTION, 58);
  head.writeUInt16LE(headers.length, 60);
  head.writeUInt16LE(parts.length, 62);
  // Programs are larger than a kilobyte; what is smaller nobody looks at.
  const file = [head, ...bodies, ...headers, Buffer.alloc(1024)];
  if (base === undefined) return Buffer.concat(file);
  const size = offset + headers.length * SECTION + 1024;
  head.writeBigUInt64LE(BigInt(size), 32);
  head.writeUInt16LE(SEGMENT, 54);
  head.writeUInt16LE(1, 56);
  return Buffer.concat([...file, loadSegment(base, size)]);
}

function loadSegment(base: number, size: number): Buffer {
  const segment = Buffer.alloc(SEGMENT);
  segment.writeUInt32LE(1, 0);
  segment.writeUInt32LE(6, 4);
  segment.writeBigUInt64LE(BigInt(base), 16);
  segment.writeBigUInt64LE(BigInt(size), 32);
  return segment;
}

/** What the Go linker writes since 1.18 (go doc debug/buildinfo): two strings behind their lengths. */
export function goBuildInfo(version: string, modules: readonly string[]): Buffer {
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  const mark = Buffer.alloc(16, 0x30);
  return Buffer.concat([
    head,
    withLength(Buffer.from(version)),
    withLength(Buffer.concat([mark, Buffer.from(modules.map((line) => `${line}\n`).join('')), mark])),
  ]);
}

/** An ELF note (System V ABI, "Note Section"). */
export function note(owner: string, type: number, body: string): Buffer {
  const name = Buffer.from(`${owner}\0`);
  const bytes = Buffer.from(`${body}\0`);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(name.length, 0);
  head.writeUInt32LE(bytes.length, 4);
  head.writeUInt32LE(type, 8);
  return Buffer.concat([head, name, Buffer.alloc(-name.length & 3), bytes, Buffer.alloc(-bytes.length & 3)]);
}

function withLength(body: Buffer): Buffer {
  const bytes: number[] = [];
  let left = body.length;
  for (; left >= 128; left >>>= 7) bytes.push((left & 127) | 128);
  return Buffer.concat([Buffer.from([...bytes, left]), body]);
}

function padding(length: number): number {
  return -length & (ALIGN - 1);
}
