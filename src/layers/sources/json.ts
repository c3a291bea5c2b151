import { createHash } from 'node:crypto';
import { DlintError } from '../../errors.ts';
import type { Digest } from '../../report/finding.ts';
import { raise } from '../limits.ts';
import type { Store } from './store.ts';

/** A JSON object whose keys are in lower case: Go, which wrote the readers of these files, takes any. */
export type Fields = ReadonlyMap<string, unknown>;

export interface JsonDocument {
  readonly value: unknown;
  readonly digest: Digest;
  readonly size: number;
}

/** Reads and parses a member. Throws `E_BLOB_MISSING`, `E_LIMIT`, and `E_CORRUPT` with the place of the fault. */
export function readJson(store: Store, name: string, limits: { readonly jsonBytes: number }): JsonDocument {
  const where = `${store.reference}: ${name}`;
  const at = store.locate(name);
  if (!at) throw new DlintError('E_BLOB_MISSING', `${name} is named, but not there`, { where: store.reference });
  if (at.length > limits.jsonBytes) {
    throw new DlintError('E_LIMIT', `${at.length} bytes of JSON; ${limits.jsonBytes} are read`, {
      where,
      hint: raise('jsonBytes', limits, at.length),
    });
  }
  const bytes = store.read(at);
  const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { value: parseJson(bytes, where), digest, size: bytes.length };
}

/** The same store, out of which only so many bytes of documents are read: links can give one body a thousand names. */
export function rationed(store: Store, { allJsonBytes }: { readonly allJsonBytes: number }): Store {
  let total = 0;
  const read: Store['read'] = (at) => {
    total += at.length;
    if (total <= allJsonBytes) return store.read(at);
    throw new DlintError('E_LIMIT', `more than ${allJsonBytes} bytes of JSON`, {
      where: store.reference,
      hint: raise('allJsonBytes', { allJsonBytes }),
    });
  };
  return { ...store, read };
}

/** Throws `E_CORRUPT` with the place of the fault. */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const stated = /position (\d+)/.exec((error as Error).message)?.[1];
    const position = stated === undefined ? text.trimEnd().length : Number(stated);
    throw new DlintError('E_CORRUPT', 'this is no valid JSON', {
      where: `${where}, character ${position}`,
      cause: error,
    });
  }
}

/** The fields of an object; none for anything else. */
export function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]));
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list; what is none is left out. One text alone counts as a list of one. */
export function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return list(value).filter((item) => typeof item === 'string');
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A digest of the OCI image-spec's form; its parts are safe in a path. */
export function digest(value: unknown): Digest | undefined {
  return typeof value === 'string' && /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(value)
    ? (value as Digest)
    : undefined;
}
