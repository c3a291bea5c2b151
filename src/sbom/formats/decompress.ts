import { gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';

/** All of a zstd stream. Throws when it is damaged, or unpacks to more than `limit` bytes. */
export function unzstd(bytes: Uint8Array, limit: number): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  const stream = new Decompress((chunk) => {
    size += chunk.length;
    if (size > limit) throw new Error(`it unpacks to more than ${limit} bytes`);
    parts.push(Buffer.from(chunk));
  });
  // In pieces, so that a bomb is met by the bound and not by the end.
  for (let at = 0; at < bytes.length; at += 65_536) {
    stream.push(bytes.subarray(at, at + 65_536), at + 65_536 >= bytes.length);
  }
  return Buffer.concat(parts);
}

/** All of a gzip stream. Throws when it is damaged, or unpacks to more than `limit` bytes. */
export function gunzip(bytes: Uint8Array, limit: number): Buffer {
  return gunzipSync(bytes, { maxOutputLength: limit });
}
