import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileLocator } from '../image.ts';
import { normalizePath } from '../path.ts';
import { readLocated } from './archive.ts';
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
      const count = readdirSync(folder).length;
      return count === 0 ? 'an empty folder' : `a folder (${count} ${count === 1 ? 'entry' : 'entries'})`;
    },
  };
}

function locate(folder: string, name: string): FileLocator | undefined {
  const file = join(folder, normalizePath(name));
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() ? { file, offset: 0, length: found.size } : undefined;
}

/** Two levels are enough to tell every format. */
function* names(folder: string): Generator<string> {
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    if (!item.isDirectory()) yield item.name;
    else for (const inner of readdirSync(join(folder, item.name))) yield `${item.name}/${inner}`;
  }
}
