import { DlintError } from '../errors.ts';
import type { Compression } from './inflate.ts';

/** What a file's first bytes say it is; names and media types are only hints. */
export type Magic = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'other';

/** Bytes that `sniff` looks at. */
export const SNIFF_BYTES = 512;

export function sniff(head: Uint8Array): Magic {
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip';
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(head)) return 'zstd';
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (startsWith(head, 0x42, 0x5a, 0x68) && (head[3] ?? 0) >= 0x31 && (head[3] ?? 0) <= 0x39) return 'bzip2';
  return 'other';
}

/** How a layer that begins so is compressed. Throws `E_UNSUPPORTED` for what no layer may be. */
export function compressionOf(head: Buffer, where: string): Compression {
  const magic = sniff(head);
  if (magic === 'gzip' || magic === 'zstd') return magic;
  if (magic === 'other') return 'none';
  const hint = 'layers are plain tar, gzip or zstd (OCI image-spec)';
  throw new DlintError('E_UNSUPPORTED', `a layer compressed with ${magic}`, { where, hint });
}

/** Whether the bytes look like something a person typed: no NUL or other control character, and well-formed UTF-8. */
export function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) return false;
  const text = Buffer.from(head).toString('utf8');
  // The last character may be cut.
  return !text.slice(0, -3).includes('\ufffd');
}

/** zstd: RFC 8878, 3.1.2. */
function isSkippableFrame(head: Uint8Array): boolean {
  return ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

function startsWith(head: Uint8Array, ...magic: number[]): boolean {
  return magic.every((byte, i) => head[i] === byte);
}
