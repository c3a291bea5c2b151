/** A version resource (VS_VERSIONINFO) with one table of texts. */
export function versionResource(texts: Readonly<Record<string, string>>): Buffer {
  const strings = Object.entries(texts).map(([key, value]) =>
    block(key, Buffer.from(`${value}\0`, 'utf16le'), true, []),
  );
  const table = block('040904b0', Buffer.alloc(0), true, strings);
  return block('VS_VERSION_INFO', Buffer.alloc(52), false, [
    block('StringFileInfo', Buffer.alloc(0), true, [table]),
    block('VarFileInfo', Buffer.alloc(0), true, []),
  ]);
}

/** A PE32+ file that is nothing but sections (Microsoft PE/COFF specification). */
export function pe(sections: Readonly<Record<string, Uint8Array>>): Buffer {
  const entries = Object.entries(sections);
  const start = 64 + 24 + 112 + 40 * entries.length;
  const dos = Buffer.alloc(64);
  dos.write('MZ');
  dos.writeUInt32LE(64, 60);
  const coff = Buffer.alloc(24);
  coff.write('PE');
  coff.writeUInt16LE(0x8664, 4);
  coff.writeUInt16LE(entries.length, 6);
  coff.writeUInt16LE(112, 20);
  const optional = Buffer.alloc(112);
  optional.writeUInt16LE(0x20b, 0);
  const headers: Buffer[] = [];
  let offset = start;
  for (const [name, body] of entries) {
    const header = Buffer.alloc(40);
    header.write(name);
    header.writeUInt32LE(body.length, 8);
    header.writeUInt32LE(0x1000 + offset, 12);
    header.writeUInt32LE(body.length, 16);
    header.writeUInt32LE(offset, 20);
    headers.push(header);
    offset += body.length;
  }
  return Buffer.concat([dos, coff, optional, ...headers, ...Object.values(sections), Buffer.alloc(1024)]);
}

/** Length, length of the value (in words when it is text), kind, key, value, blocks; all at multiples of four bytes. */
function block(key: string, value: Buffer, isText: boolean, inner: readonly Buffer[]): Buffer {
  const name = Buffer.from(`${key}\0`, 'utf16le');
  const parts = [name, Buffer.alloc(-(6 + name.length) & 3), value];
  for (const one of inner) parts.push(Buffer.alloc(-parts.reduce((sum, { length }) => sum + length, 6) & 3), one);
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(6);
  head.writeUInt16LE(6 + body.length, 0);
  head.writeUInt16LE(isText ? value.length / 2 : value.length, 2);
  head.writeUInt16LE(isText ? 1 : 0, 4);
  return Buffer.concat([head, body]);
}
