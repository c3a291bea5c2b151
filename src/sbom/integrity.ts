import type { Hash } from './package.ts';

const ALGORITHMS: Readonly<Record<string, { algorithm: Hash['algorithm']; bytes: number }>> = {
  sha1: { algorithm: 'SHA-1', bytes: 20 },
  sha256: { algorithm: 'SHA-256', bytes: 32 },
  sha384: { algorithm: 'SHA-384', bytes: 48 },
  sha512: { algorithm: 'SHA-512', bytes: 64 },
};

/** Subresource Integrity (W3C), `sha512-<base64>` separated by blanks → hashes; what is malformed is left out. */
export function integrityHashes(integrity: string): Hash[] {
  const hashes: Hash[] = [];
  for (const part of integrity.slice(0, 4096).split(/\s+/)) {
    const [, name = '', body = ''] = /^(sha\d+)-([A-Za-z0-9+/=]+)/.exec(part) ?? [];
    const known = ALGORITHMS[name];
    const bytes = Buffer.from(body, 'base64');
    if (known && bytes.length === known.bytes)
      hashes.push({ algorithm: known.algorithm, value: bytes.toString('hex') });
  }
  return hashes;
}
