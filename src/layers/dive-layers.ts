import type { DiveFile, DiveLayer, LayerReport } from '../report/image-report.ts';
import { type DiveTree, diveTrees } from './dive-trees.ts';
import type { EntryKind } from './entry.ts';
import type { EntryNames } from './entry-names.ts';
import type { EntryTable } from './entry-table.ts';
import type { Image } from './image.ts';
import type { LayerRecord } from './record.ts';
import { whiteoutPath } from './tar.ts';

/** Type flags of POSIX pax, and bits of Go's os.FileMode beside those of permission. */
const KINDS: Readonly<Record<EntryKind, readonly [typeFlag: string, modeBits: number]>> = {
  file: ['0', 0],
  whiteout: ['0', 0],
  opaque: ['0', 0],
  hardlink: ['1', 0],
  symlink: ['2', 2 ** 27],
  'character-device': ['3', 2 ** 26 + 2 ** 21],
  'block-device': ['4', 2 ** 26],
  directory: ['5', 2 ** 31],
  fifo: ['6', 2 ** 25],
};
const SHELL = '/bin/sh -c ';
const NOTHING: DiveFile = {
  path: '',
  typeFlag: 0,
  link: '',
  size: 0,
  fileMode: 0,
  uid: 0,
  gid: 0,
  isDirectory: false,
};

/** The layers as `dive --json` lists them; commands come from the reports, where secrets are masked. */
export function* diveLayers(
  image: Image,
  records: readonly LayerRecord[],
  reports: readonly LayerReport[],
  names: EntryNames,
): Generator<DiveLayer> {
  const trees = diveTrees(records, names, true);
  for (const [index, layer] of image.layers.entries()) {
    const record = records[index] as LayerRecord;
    const command = reports[index]?.createdBy ?? '(missing)';
    const tree = trees.next().value as DiveTree;
    yield {
      index,
      id: (layer.name ?? 'blobs').split('/')[0] as string,
      diffId: layer.diffId ?? record.diffId ?? '',
      sizeBytes: tree.bytes,
      command: command.startsWith(SHELL) ? command.slice(SHELL.length) : command,
      *files() {
        for (const node of tree.nodes) {
          const member = tree.members[node] as number;
          yield member < 0 ? NOTHING : fileOf(record.entries, member);
        }
      },
    };
  }
}

function fileOf(entries: EntryTable, i: number): DiveFile {
  const kind = entries.kind(i);
  const mode = entries.mode(i);
  const [typeFlag, kindBits] = KINDS[kind];
  const special = (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0);
  return {
    path: kind === 'whiteout' ? whiteoutPath(entries.path(i)) : entries.path(i),
    typeFlag: typeFlag.charCodeAt(0),
    link: entries.link(i),
    size: entries.size(i),
    fileMode: kindBits + special + (mode & 0o777),
    uid: entries.uid(i),
    gid: entries.gid(i),
    isDirectory: kind === 'directory',
  };
}
