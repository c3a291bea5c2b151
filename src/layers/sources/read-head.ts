import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DlintError } from '../../errors.ts';
import { SNIFF_BYTES } from '../sniff.ts';

/** The first bytes of a file, as many as `sniff` looks at. Throws `E_READ` and `E_NOT_FOUND`. */
export function readHead(path: string, reference: string): Buffer {
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

/** Undefined for what does not exist. Throws `E_READ`. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw readError(error, path);
  }
}

/** What a failure to open or to read means to the one who named the file. */
export function readError(error: unknown, where: string): DlintError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = `check who may read it: ls -ld ${where}`;
    return new DlintError('E_READ', `no permission to read ${where}`, { where: resolve(where), hint, cause: error });
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const isAddress = /^https?:\/\//.test(where);
    return new DlintError('E_NOT_FOUND', 'there is no such file or folder', {
      where: where || '""',
      ...(isAddress && { hint: `files are not downloaded: curl -fL ${where} | dlint inspect -` }),
      cause: error,
    });
  }
  if (code === 'ELOOP')
    return new DlintError('E_READ', 'a symbolic link that leads to itself', {
      where,
      hint: `ls -l ${where}`,
      cause: error,
    });
  if (code === 'ENAMETOOLONG')
    return new DlintError('E_READ', 'no file has so long a name', { where, hint: 'check the path', cause: error });
  return new DlintError('E_READ', `cannot be read: ${message}`, { where, cause: error });
}
