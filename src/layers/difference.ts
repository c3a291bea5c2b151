import type { Entry } from './entry.ts';
import type { BodyPlace, Reason } from './image-tree.ts';
import type { Inodes } from './inodes.ts';

/** SHA-256 of a body, where it is known. */
export type DigestOf = (place: BodyPlace) => string | undefined;

/**
 * Why an inode is not the one that was at the path before. Empty when nothing differs. Two files of one size whose
 * digests are not both known count as of different content.
 */
export function differences(inodes: Inodes, before: number, after: number, digestOf: DigestOf): Reason[] {
  if (before === after) return [];
  const old = entryOf(inodes, before);
  const young = entryOf(inodes, after);
  if (old.kind !== young.kind) return ['type'];
  const reasons: Reason[] = [];
  if (young.kind === 'file' && !isSameBody(inodes, before, after, digestOf)) reasons.push('content');
  if (old.link !== young.link) reasons.push('link');
  if (old.device?.major !== young.device?.major || old.device?.minor !== young.device?.minor) reasons.push('device');
  reasons.push(...metadataDifferences(old, young));
  if (young.kind === 'file' && reasons.length === 0) reasons.push('rewritten');
  return reasons;
}

/** Whether there is any difference: bodies need not be known, because a file that is stored again always differs. */
export function isDifferent(inodes: Inodes, before: number, after: number): boolean {
  if (before === after) return false;
  if (inodes.kind(before) === 'file' && inodes.kind(after) === 'file') return true;
  return differences(inodes, before, after, () => undefined).length > 0;
}

/** Whether only the bodies can tell if the content differs. */
export function needsBodies(inodes: Inodes, before: number, after: number): boolean {
  return (
    before !== after &&
    inodes.kind(before) === 'file' &&
    inodes.kind(after) === 'file' &&
    inodes.size(before) === inodes.size(after) &&
    inodes.size(after) > 0
  );
}

export function placeOf(inodes: Inodes, inode: number): BodyPlace {
  return { layer: inodes.layer(inode), index: inodes.index(inode) };
}

function isSameBody(inodes: Inodes, before: number, after: number, digestOf: DigestOf): boolean {
  const size = inodes.size(after);
  if (inodes.size(before) !== size) return false;
  if (size === 0) return true;
  const digest = digestOf(placeOf(inodes, before));
  return digest !== undefined && digest === digestOf(placeOf(inodes, after));
}

function metadataDifferences(old: Entry, young: Entry): Reason[] {
  const reasons: Reason[] = [];
  if (old.mode !== young.mode) reasons.push('mode');
  if (old.uid !== young.uid || old.gid !== young.gid) reasons.push('owner');
  if (!haveSameXattrs(old, young)) reasons.push('xattr');
  // Writers differ in whether they state fractions of a second, so only whole seconds are compared.
  if (Math.trunc(old.mtime) !== Math.trunc(young.mtime)) reasons.push('mtime');
  return reasons;
}

function haveSameXattrs(old: Entry, young: Entry): boolean {
  const before = Object.entries(old.xattrs ?? {});
  const after = young.xattrs ?? {};
  return (
    before.length === Object.keys(after).length &&
    before.every(([name, value]) => Object.hasOwn(after, name) && after[name] === value)
  );
}

function entryOf(inodes: Inodes, inode: number): Entry {
  return inodes.table(inodes.layer(inode)).at(inodes.index(inode));
}
