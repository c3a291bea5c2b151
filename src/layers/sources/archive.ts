import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { DlintError } from '../../errors.ts';
import type { FileLocator } from '../image.ts';
import type { Limits } from '../limits.ts';
import { normalizePath } from '../path.ts';
import { layerEntry, scanTarFile } from '../tar.ts';
import type { TarMember } from '../tar-member.ts';
import { TarScanner } from '../tar-scanner.ts';
import type { Store } from './store.ts';

/** A member of the archive: its bytes, or the name it links to. */
type Member = { readonly offset: number; readonly length: number } | { readonly link: string };

/** Images keep their files at most this deep (`blobs/sha256/…`); a root filesystem's others are only counted. */
const DEPTH = 3;
/** Names at the top that are remembered: a root filesystem has some twenty. */
const MOST_AT_TOP = 1000;

/** Reads the directory of a tar archive, seeking over every body. Errors as `TarScanner`. */
export function openArchive(file: string, reference: string, limits: Limits): Store {
  const members = new Map<string, Member>();
  let entries = 0;
  let whiteouts = 0;
  const top = new Set<string>();
  const member = (found: TarMember): undefined => {
    const name = normalizePath(found.name);
    if (name !== '') entries++;
    if (top.size < MOST_AT_TOP) top.add(name.slice(0, slashOf(name)));
    const kind = layerEntry(found, () => undefined)?.kind;
    if (kind === 'whiteout' || kind === 'opaque') whiteouts++;
    if (found.kind === 'directory' || depth(name) > DEPTH) return;
    if (members.size >= limits.members) {
      throw new DlintError('E_LIMIT', `more than ${limits.members} members`, { where: reference });
    }
    if (found.kind === 'file' && !found.isSparse) members.set(name, { offset: found.bodyOffset, length: found.size });
    else if (found.kind === 'hardlink') members.set(name, { link: normalizePath(found.link) });
    else if (found.kind === 'symlink') members.set(name, { link: resolveLink(name, found.link) });
  };
  const scanner = new TarScanner({ member, problem: () => undefined }, reference, limits);
  const fd = openSync(file, 'r');
  try {
    scanTarFile(scanner, fd, 0, statSync(file).size);
  } finally {
    closeSync(fd);
  }
  return {
    reference,
    isArchive: true,
    locate: (name) => locate(file, members, name, limits),
    read: readLocated,
    names: () => members.keys(),
    describe: () => describe(members, entries, whiteouts),
    ...(foldersWithImages(members).length === 0 && {
      rootfs: { at: { file, offset: 0, length: statSync(file).size }, top, whiteouts },
    }),
  };
}

/** Reads all of what a locator points at; its length is the caller's to bound. */
export function readLocated(at: FileLocator): Uint8Array {
  const fd = openSync(at.file, 'r');
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

function locate(
  file: string,
  members: ReadonlyMap<string, Member>,
  name: string,
  limits: Limits,
): FileLocator | undefined {
  let member = members.get(normalizePath(name));
  for (let hops = 0; member && 'link' in member; hops++) {
    member = hops < limits.linkHops ? members.get(member.link) : undefined;
  }
  return member && { file, offset: member.offset, length: member.length };
}

/** A symlink's target as a member's name; one that leads out of the archive ends at its root, as in a chroot. */
function resolveLink(name: string, target: string): string {
  return normalizePath(target.startsWith('/') ? target : `${posix.dirname(name)}/${target}`);
}

/** Where an unpacked archive was packed again with its folder. */
function foldersWithImages(members: ReadonlyMap<string, Member>): string[] {
  const folders = new Set<string>();
  for (const name of members.keys()) {
    const match = /^([^/]+)\/(manifest\.json|index\.json|repositories)$/.exec(name);
    if (match) folders.add(match[1] as string);
  }
  return [...folders].sort();
}

function slashOf(name: string): number {
  const slash = name.indexOf('/');
  return slash < 0 ? name.length : slash;
}

function depth(name: string): number {
  let depth = 1;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) === 47) depth++;
  return depth;
}

function describe(members: ReadonlyMap<string, Member>, entries: number, whiteouts: number): string {
  if (entries === 0) return 'an empty tar archive';
  const folders = foldersWithImages(members);
  if (folders.length > 0) return `an archive of folders that hold images: ${folders.slice(0, 10).join(', ')}`;
  const counted = `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  const hidden = whiteouts > 0 ? `, ${whiteouts} ${whiteouts === 1 ? 'whiteout' : 'whiteouts'}` : '';
  return `a tar archive without image or root filesystem (${counted}${hidden})`;
}
