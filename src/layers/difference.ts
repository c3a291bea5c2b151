import type { EntryTable } from './entry-table.ts';
import type { BodyPlace, ContentOf, Reason } from './image-tree.ts';
import type { Inodes } from './inodes.ts';

/**
 * Why an inode is not the one that was at the path before. Empty when nothing differs. Two files of one size whose
 * contents are not both known count as of different content.
 */
export function differences(inodes: Inodes, before: number, after: number, contentOf: ContentOf): Reason[] {
  if (before === after) return [];
  const kind = inodes.kind(after);
  if (inodes.kind(before) !== kind) return ['type'];
  const [old, young] = [columnsOf(inodes, before), columnsOf(inodes, after)];
  const reasons: Reason[] = [];
  if (kind === 'file' && !isSameBody(inodes, before, after, contentOf)) reasons.push('content');
  if (kind === 'symlink' && inodes.link(before) !== inodes.link(after)) reasons.push('link');
  if (hasOtherDevice(old, young)) reasons.push('device');
  if (old.table.mode(old.index) !== young.table.mode(young.index)) reasons.push('mode');
  if (hasOtherOwner(old, young)) reasons.push('owner');
  if (hasOtherXattrs(old, young)) reasons.push('xattr');
  if (hasOtherTime(old, young)) reasons.push('mtime');
  if (kind === 'file' && reasons.length === 0) reasons.push('rewritten');
  return reasons;
}

/** Whether there is any difference: bodies need not be known, because a file that is stored again always differs. */
export function isDifferent(inodes: Inodes, before: number, after: number): boolean {
  if (before === after) return false;
  const kind = inodes.kind(after);
  if (kind === 'file' || inodes.kind(before) !== kind) return true;
  if (kind === 'symlink' && inodes.link(before) !== inodes.link(after)) return true;
  return hasOtherMetadata(columnsOf(inodes, before), columnsOf(inodes, after));
}

/** What a file's body became whose path another one has: `after` is the one that is there. */
export function fateOf(
  inodes: Inodes,
  before: number,
  after: number,
  contentOf: ContentOf,
): 'overwritten' | 'metadata' | 'rewritten' {
  if (before === after) return 'metadata';
  if (inodes.kind(before) !== inodes.kind(after) || !isSameBody(inodes, before, after, contentOf)) return 'overwritten';
  return hasOtherMetadata(columnsOf(inodes, before), columnsOf(inodes, after)) ? 'metadata' : 'rewritten';
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

function isSameBody(inodes: Inodes, before: number, after: number, contentOf: ContentOf): boolean {
  const size = inodes.size(after);
  if (inodes.size(before) !== size) return false;
  if (size === 0) return true;
  const content = contentOf(placeOf(inodes, before));
  return content !== undefined && content === contentOf(placeOf(inodes, after));
}

/** An entry that is not decoded: a layer has many, and few columns of them are looked at. */
interface Columns {
  readonly table: EntryTable;
  readonly index: number;
}

function columnsOf(inodes: Inodes, inode: number): Columns {
  return { table: inodes.table(inodes.layer(inode)), index: inodes.index(inode) };
}

function hasOtherMetadata(old: Columns, young: Columns): boolean {
  return (
    old.table.mode(old.index) !== young.table.mode(young.index) ||
    hasOtherTime(old, young) ||
    hasOtherOwner(old, young) ||
    hasOtherDevice(old, young) ||
    hasOtherXattrs(old, young)
  );
}

/** Writers differ in whether they state fractions of a second, so only whole seconds are compared. */
function hasOtherTime(old: Columns, young: Columns): boolean {
  return Math.trunc(old.table.mtime(old.index)) !== Math.trunc(young.table.mtime(young.index));
}

function hasOtherDevice(old: Columns, young: Columns): boolean {
  const before = old.table.device(old.index);
  const after = young.table.device(young.index);
  return before?.major !== after?.major || before?.minor !== after?.minor;
}

function hasOtherOwner(old: Columns, young: Columns): boolean {
  return (
    old.table.uid(old.index) !== young.table.uid(young.index) ||
    old.table.gid(old.index) !== young.table.gid(young.index)
  );
}

function hasOtherXattrs(old: Columns, young: Columns): boolean {
  const [own, other] = [old.table.xattrs(old.index), young.table.xattrs(young.index)];
  if (!own && !other) return false;
  const before = Object.entries(own ?? {});
  const after = other ?? {};
  return (
    before.length !== Object.keys(after).length ||
    before.some(([name, value]) => !Object.hasOwn(after, name) || after[name] !== value)
  );
}
