import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DlintError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import type { Scratch } from '../scratch.ts';
import { isText, type Magic, SNIFF_BYTES, sniff } from '../sniff.ts';
import { isTarHeader } from '../tar-header.ts';
import { openArchive } from './archive.ts';
import { openFolder } from './folder.ts';
import type { Store } from './store.ts';
import { spoolPipe, unpackFile } from './unpack.ts';

export interface OpenStoreOptions {
  readonly limits: Limits;
  readonly scratch: Scratch;
  readonly signal?: AbortSignal;
}

export const SAVE_HINT = 'docker save app --output app.tar   (docker export writes a root filesystem, not an image)';

/** The path of what can only be read once, from front to back: a pipe, or an archive that is compressed as a whole. */
export function streamPath(reference: string): string | undefined {
  if (reference === '-' || reference === '/dev/stdin') return '-';
  const found = statSync(reference, { throwIfNoEntry: false });
  if (found?.isFIFO()) return reference;
  return found?.isFile() && sniff(readHead(reference, reference)) !== 'other' ? reference : undefined;
}

/** Opens what a reference names, by what it is and not by its name: a folder, a tar, a compressed tar, a pipe. */
export async function openStore(reference: string, options: OpenStoreOptions): Promise<Store> {
  const { limits, scratch } = options;
  if (reference === '-' || reference === '/dev/stdin') return await openPipe('-', reference, options);
  const found = stat(reference);
  if (found.isDirectory()) return openFolder(reference, reference);
  if (found.isFIFO()) return await openPipe(reference, reference, options);
  if (!found.isFile()) {
    throw new DlintError('E_NOT_AN_IMAGE', 'this is a device or socket, not an image', {
      where: reference,
      hint: SAVE_HINT,
    });
  }
  const head = readHead(reference, reference);
  const magic = sniff(head);
  if (magic === 'other') return openTar(reference, reference, head, limits);
  const target = scratch.file();
  await unpackFile(reference, magic, target, { ...options, reference });
  return openTar(target, reference, readHead(target, reference), limits);
}

async function openPipe(path: string, reference: string, options: OpenStoreOptions): Promise<Store> {
  const spooled = options.scratch.file();
  await spoolPipe(path, spooled, { ...options, reference }, (head) => checkPipe(head, sniff(head), reference));
  const head = readHead(spooled, reference);
  const magic = sniff(head);
  if (magic === 'other') return openTar(spooled, reference, head, options.limits);
  const target = options.scratch.file();
  await unpackFile(spooled, magic, target, { ...options, reference });
  return openTar(target, reference, readHead(target, reference), options.limits);
}

/** Throws when a pipe begins with what is no archive: it may be endless. */
export function checkPipe(head: Buffer, magic: Magic, reference: string): void {
  if (isZero(head) || (magic === 'other' && !isTarHeader(head))) throw notAnImage(head, reference);
}

/** Throws when a tar should begin, and does not. */
export function checkTar(head: Buffer, reference: string): void {
  if (!isTarHeader(head)) throw notAnImage(head, reference);
}

function openTar(file: string, reference: string, head: Buffer, limits: Limits): Store {
  checkTar(head, reference);
  return openArchive(file, reference, limits);
}

function notAnImage(head: Buffer, where: string): DlintError {
  const what =
    head.length === 0
      ? 'an empty file'
      : isZero(head)
        ? 'nothing but zeros'
        : isText(head)
          ? 'a text file'
          : 'no tar archive';
  return new DlintError('E_NOT_AN_IMAGE', `not an image: ${what}`, { where, hint: SAVE_HINT });
}

/** The end marker of a tar, or no tar at all. */
function isZero(head: Buffer): boolean {
  return head.length === SNIFF_BYTES && head.every((byte) => byte === 0);
}

function stat(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw readError(error, path);
  }
}

function readHead(path: string, reference: string): Buffer {
  try {
    const fd = openSync(path, 'r');
    try {
      const head = Buffer.alloc(SNIFF_BYTES);
      return head.subarray(0, readSync(fd, head, 0, head.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw readError(error, reference);
  }
}

function readError(error: unknown, where: string): DlintError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return new DlintError('E_READ', `no permission to read ${where}`, { where: resolve(where), cause: error });
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DlintError('E_NOT_FOUND', 'there is no such file or folder', { where: where || '""', cause: error });
  }
  return new DlintError('E_READ', `cannot be read: ${message}`, { where, cause: error });
}
