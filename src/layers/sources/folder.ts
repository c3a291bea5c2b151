import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileLocator } from '../image.ts';
import { normalizePath } from '../path.ts';
import { readLocated } from './archive.ts';
import { readError } from './read-head.ts';
import type { Store } from './store.ts';

/** A folder: an OCI layout, or an archive that somebody unpacked. */
export function openFolder(folder: string, reference: string): Store {
  return {
    reference,
    isArchive: false,
    locate: (name) => locate(folder, name),
    read: readLocated,
    names: () => names(folder),
    describe: () => {
      const count = list(folder).length;
      return count === 0 ? 'an empty folder' : `a folder (${count} ${count === 1 ? 'entry' : 'entries'})`;
    },
  };
}

function locate(folder: string, name: string): FileLocator | undefined {
  const file = join(folder, normalizePath(name));
  const found = stat(file);
  return found?.isFile() ? { file, offset: 0, length: found.size } : undefined;
}

/** Links are followed wherever they lead: builders keep blobs elsewhere and link to them. Throws `E_READ`. */
function stat(file: string): Stats | undefined {
  // No file system has such a name.
  if (file.includes('\0')) return undefined;
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') return undefined;
    throw readError(error, file);
  }
}

/** Two levels are enough to tell every format. */
function* names(folder: string): Generator<string> {
  for (const item of list(folder)) {
    if (!item.isDirectory()) yield item.name;
    else for (const inner of list(join(folder, item.name))) yield `${item.name}/${inner.name}`;
  }
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw readError(error, folder);
  }
}
