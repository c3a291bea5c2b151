import { createHash } from 'node:crypto';
import type { Entry } from '../../src/layers/entry.ts';
import { entryTable } from '../../src/layers/entry-table-builder.ts';
import type { LayerRecord } from '../../src/layers/record.ts';

/** An entry with the usual metadata. */
export function entry(path: string, kind: Entry['kind'], more: Partial<Entry> = {}): Entry {
  const mode = kind === 'directory' ? 0o755 : kind === 'symlink' ? 0o777 : 0o644;
  return { path, kind, size: 0, mode, uid: 0, gid: 0, mtime: 1, link: '', bodyOffset: 0, ...more };
}

/** A regular file with a body; its digest is stated, as a scan that reads bodies does. */
export function file(path: string, body: string, more: Partial<Entry> = {}): Entry {
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}` as const;
  return entry(path, 'file', { size: Buffer.byteLength(body), digest, ...more });
}

export const directory = (path: string, more: Partial<Entry> = {}): Entry => entry(path, 'directory', more);
export const symlink = (path: string, link: string, more: Partial<Entry> = {}): Entry =>
  entry(path, 'symlink', { link, ...more });
export const hardlink = (path: string, link: string): Entry => entry(path, 'hardlink', { link });
export const whiteout = (path: string): Entry => entry(path, 'whiteout');
export const opaque = (path: string): Entry => entry(path, 'opaque');

/** The record of a layer that holds these entries. */
export function record(...entries: Entry[]): LayerRecord {
  return {
    diffId: null,
    digest: null,
    storedBytes: entries.reduce((sum, one) => sum + (one.kind === 'file' ? one.size : 0), 0),
    tarBytes: 0,
    compression: 'none',
    entries: entryTable(entries),
    facts: {},
    problems: [],
  };
}
