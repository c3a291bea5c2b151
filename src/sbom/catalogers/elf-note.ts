import { wantsExecutable } from '../executables.ts';
import { readExecutable, sectionBytes } from '../formats/executable.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import type { Cataloger, FileView, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

/** Type of the note, uapi-group.org "Package Metadata for Executable Files". */
const PACKAGE_NOTE = 0xcafe1a7e;
const MAX_NOTE = 64 * 1024;

type Note = Readonly<Record<string, string>>;

/** Programs whose package is written into them, where no package manager's database tells of it. */
const elfNote: Cataloger = {
  name: 'elf-note',
  version: 1,
  isFallback: true,
  files: [],
  reader: {
    ...wantsExecutable,
    read(bytes, _, once) {
      const executable = once(readExecutable);
      const section = executable?.format === 'elf' ? sectionBytes(bytes, executable, '.note.package') : undefined;
      return section && readNote(section.subarray(0, MAX_NOTE), executable?.littleEndian !== false);
    },
  },
  *catalog(view) {
    for (const { path, value } of view.readings<Note>('elf-note')) {
      const found = isListed(value, view) ? undefined : toPackage(value, path);
      if (found) yield found;
    }
  },
};
export default elfNote;

/** ELF note: three words (lengths of name and body, type), the name and the body, each padded to four bytes. */
function readNote(section: Buffer, little: boolean): Note | undefined {
  const word = (at: number) => (little ? section.readUInt32LE(at) : section.readUInt32BE(at));
  for (let at = 0; at + 12 <= section.length; ) {
    const nameBytes = word(at);
    const bodyBytes = word(at + 4);
    const bodyAt = at + 12 + padded(nameBytes);
    if (word(at + 8) === PACKAGE_NOTE) {
      const text = section.toString('utf8', bodyAt, bodyAt + bodyBytes).replace(/\0+$/, '');
      const document = parseJson(text);
      if (!isRecord(document)) return undefined;
      const fields = Object.entries(document).flatMap(([key, value]) =>
        stringOf(value) ? [[key, stringOf(value)]] : [],
      );
      return Object.fromEntries(fields);
    }
    at = bodyAt + padded(bodyBytes);
  }
  return undefined;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

const DATABASES: Readonly<Record<string, readonly string[]>> = {
  deb: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d'],
  rpm: ['var/lib/rpm', 'usr/lib/sysimage/rpm'],
  apk: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'],
  alpm: ['var/lib/pacman/local'],
};

/** The database names the package already, and better: the note has that of the source. */
function isListed({ type = '' }: Note, view: FileView): boolean {
  return (DATABASES[type] ?? []).some((path) => view.has(path));
}

function toPackage(note: Note, path: string): Package | undefined {
  const { name, version, type = 'generic', os, osVersion, architecture } = note;
  const isSystem = Object.hasOwn(DATABASES, type);
  const purl =
    name &&
    version &&
    tryPurl({
      type: isSystem ? type : 'generic',
      ...(isSystem && os ? { namespace: os } : {}),
      name,
      version,
      qualifiers: { arch: architecture, distro: os && osVersion ? `${os}-${osVersion}` : undefined },
    });
  if (!name || !version || !purl) return undefined;
  return {
    name,
    version,
    purl,
    ecosystem: isSystem ? type : 'generic',
    foundBy: 'elf-note',
    confidence: 0.9,
    evidence: [path],
  };
}
