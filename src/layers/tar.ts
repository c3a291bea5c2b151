import { readSync } from 'node:fs';
import type { Entry } from './entry.ts';
import { normalizePath, printablePath } from './path.ts';
import type { TarMember } from './tar-member.ts';
import type { TarScanner } from './tar-scanner.ts';

/** What is read at once, where bodies are passed over by seeking: most small members come with their neighbours. */
const WINDOW = 32 * 1024;

/** Scans the tar at `[offset, offset + length)` of an open file, seeking over the bodies that nobody wants. */
export function scanTarFile(scanner: TarScanner, fd: number, offset: number, length: number): void {
  const window = Buffer.allocUnsafeSlow(WINDOW);
  for (let at = 0; at < length; ) {
    const skip = Math.min(scanner.skippable, length - at);
    if (skip > 0) {
      scanner.skip(skip);
      at += skip;
      continue;
    }
    const count = readSync(fd, window, 0, Math.min(WINDOW, length - at), offset + at);
    if (count === 0) break;
    scanner.write(window.subarray(0, count));
    at += count;
  }
  scanner.end();
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** AUFS keeps its books under names of this form, as files and as directories. */
const BOOKKEEPING = '.wh..wh.';

/** The path under which a layer stores the whiteout of `path`. */
export function whiteoutPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return `${path.slice(0, slash + 1)}${WHITEOUT}${path.slice(slash + 1)}`;
}

/**
 * A member of a layer as an entry: its path normalised, its `.wh.` name decoded (OCI image-spec, "Whiteouts").
 * Undefined for AUFS bookkeeping and for whiteouts that name nothing.
 */
export function layerEntry(member: TarMember, problem: (message: string) => void): Entry | undefined {
  const path = normalizePath(member.name);
  if (path.includes(WHITEOUT)) {
    const slash = path.lastIndexOf('/');
    const base = path.slice(slash + 1);
    const parent = slash < 0 ? '' : path.slice(0, slash);
    if (`/${parent}`.includes(`/${BOOKKEEPING}`)) return undefined;
    if (base === OPAQUE) return { ...plainEntry(member, parent), kind: 'opaque', size: 0, link: '' };
    if (base.startsWith(BOOKKEEPING)) return undefined;
    if (base.startsWith(WHITEOUT)) return whiteout(member, parent, base.slice(WHITEOUT.length), problem);
  }
  return plainEntry(member, path);
}

function whiteout(
  member: TarMember,
  parent: string,
  name: string,
  problem: (message: string) => void,
): Entry | undefined {
  if (name === '' || name === '.' || name === '..') {
    problem(`${printablePath(member.name)}: a whiteout that names nothing is left out`);
    return undefined;
  }
  return { ...plainEntry(member, parent === '' ? name : `${parent}/${name}`), kind: 'whiteout', size: 0, link: '' };
}

function plainEntry(member: TarMember, path: string): Entry {
  const { xattrs, device } = member;
  const entry = {
    path,
    kind: member.kind,
    size: member.size,
    mode: member.mode,
    uid: member.uid,
    gid: member.gid,
    mtime: member.mtime,
    link: member.kind === 'hardlink' ? normalizePath(member.link) : member.link,
    bodyOffset: member.bodyOffset,
  };
  return xattrs || device ? { ...entry, ...(xattrs && { xattrs }), ...(device && { device }) } : entry;
}
