const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const MOST = 128 * 1024;

/** zstd without compression (RFC 8878): a frame of raw blocks, and an RLE block for a long run of zeros at the end. */
export function rawFrame(bytes: Buffer): Buffer {
  const parts: Buffer[] = [MAGIC, Buffer.from([0x00, 0x40])];
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const zeros = Math.min(bytes.length - end, MOST);
  end = bytes.length - zeros;
  for (let at = 0; at < end; at += MOST) {
    const block = bytes.subarray(at, Math.min(at + MOST, end));
    parts.push(blockHeader(block.length, 0, false), block);
  }
  parts.push(blockHeader(zeros, 1, true), Buffer.from([0]));
  return Buffer.concat(parts);
}

function blockHeader(size: number, type: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1) | (isLast ? 1 : 0), 0, 3);
  return header;
}
