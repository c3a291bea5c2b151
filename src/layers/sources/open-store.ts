import { type Stats, statSync } from 'node:fs';
import { DlintError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import type { Scratch } from '../scratch.ts';
import { isText, type Magic, SNIFF_BYTES, sniff } from '../sniff.ts';
import { isTarHeader } from '../tar-header.ts';
import { openArchive } from './archive.ts';
import { engineReference, saveImage } from './engine.ts';
import { openFolder } from './folder.ts';
import { readError, readHead } from './read-head.ts';
import type { Store } from './store.ts';
import { openInput } from './tar-input.ts';
import { spoolPipe, unpackFile } from './unpack.ts';

export interface OpenStoreOptions {
  readonly limits: Limits;
  readonly scratch: Scratch;
  readonly signal?: AbortSignal;
}

export const SAVE_HINT = 'docker save app --output app.tar';

/** Opens what a reference names, by what it is and not by its name: a folder, a tar, a compressed tar, a pipe. */
export async function openStore(reference: string, options: OpenStoreOptions): Promise<Store> {
  const { limits, scratch } = options;
  const engine = engineReference(reference);
  if (engine) return await openPipe(saveImage(engine, reference), reference, options);
  if (reference === '-' || reference === '/dev/stdin') return await openPipe(openInput('-'), reference, options);
  const found = stat(reference);
  if (found.isDirectory()) return openFolder(reference, reference);
  if (found.isFIFO()) return await openPipe(openInput(reference), reference, options);
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

async function openPipe(input: AsyncIterable<Buffer>, reference: string, options: OpenStoreOptions): Promise<Store> {
  const spooled = options.scratch.file();
  await spoolPipe(input, spooled, { ...options, reference }, (head) => checkPipe(head, sniff(head), reference));
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
  if (where === '-' && head.length === 0) {
    return new DlintError('E_NOT_AN_IMAGE', 'nothing came through the pipe', {
      where: 'standard input',
      hint: 'see whether the program before the pipe failed: docker save app | dlint inspect -',
    });
  }
  const what =
    head.length === 0
      ? 'an empty file'
      : isZero(head)
        ? 'nothing but zeros'
        : isText(head)
          ? 'a text file'
          : 'no tar archive';
  const hint = what === 'a text file' ? `${SAVE_HINT}; Dockerfiles are for dlint lint` : SAVE_HINT;
  return new DlintError('E_NOT_AN_IMAGE', `not an image: ${what}`, { where, hint });
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
