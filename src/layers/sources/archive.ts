import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DlintError } from '../../errors.ts';
import type { FileLocator } from '../image.ts';
import type { Limits } from '../limits.ts';
import { scanTarFile } from '../tar.ts';
import { TarScanner } from '../tar-scanner.ts';
import { ArchiveIndex } from './archive-index.ts';
import { readError } from './read-head.ts';
import type { Store } from './store.ts';

/** Reads the directory of a tar archive, seeking over every body. Errors as `TarScanner`. */
export function openArchive(file: string, reference: string, limits: Limits): Store {
  const index = new ArchiveIndex(reference, limits);
  const member = (found: Parameters<ArchiveIndex['add']>[0]): undefined => void index.add(found);
  const scanner = new TarScanner({ member, problem: () => undefined }, reference, limits);
  const fd = openFile(file);
  try {
    scanTarFile(scanner, fd, 0, statSync(file).size);
  } finally {
    closeSync(fd);
  }
  const rootfs = index.rootfs();
  return {
    reference,
    isArchive: true,
    locate: (name) => {
      const place = index.locate(name);
      return place && { file, ...place };
    },
    read: readLocated,
    names: () => index.names(),
    describe: () => index.describe(),
    ...(rootfs && { rootfs: { at: { file, offset: 0, length: statSync(file).size }, ...rootfs } }),
  };
}

/** Throws `E_READ` and `E_NOT_FOUND`. */
export function openFile(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw readError(error, file);
  }
}

/** Reads all of what a locator points at; its length is the caller's to bound. */
export function readLocated(at: FileLocator): Uint8Array {
  const fd = openFile(at.file);
  try {
    const bytes = Buffer.alloc(at.length);
    for (let done = 0; done < at.length; ) {
      const count = readSync(fd, bytes, done, at.length - done, at.offset + done);
      if (count === 0)
        throw new DlintError('E_TRUNCATED', 'the file became shorter while it was read', { where: at.file });
      done += count;
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}
