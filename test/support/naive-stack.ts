import type { Entry } from '../../src/layers/entry.ts';

/**
 * A slow and plain model of how layers stack: nested maps, copied after every layer. Shares nothing with
 * `src/layers/stack.ts` but the entries.
 */
export interface NaiveImage {
  readonly layers: readonly NaiveLayer[];
  readonly views: readonly ReadonlyMap<string, NaiveInode | null>[];
}

export interface NaiveLayer {
  readonly stored: number;
  readonly dead: number;
  readonly caused: number;
  readonly changes: readonly string[];
}

export interface NaiveInode {
  readonly entry: Entry;
  readonly layer: number;
}

interface Place {
  inode: NaiveInode | null;
  children: Map<string, Place> | null;
}

export function naiveStack(layers: readonly (readonly Entry[])[]): NaiveImage {
  const top: Place = { inode: null, children: new Map() };
  const views: Map<string, NaiveInode | null>[] = [new Map()];
  const stored: NaiveInode[] = [];
  const named: Set<string>[] = [];
  for (const [i, entries] of layers.entries()) {
    const names = new Set<string>();
    hide(top, entries);
    for (const entry of entries) {
      if (entry.path === '' || entry.kind === 'whiteout' || entry.kind === 'opaque') continue;
      const inode = { entry, layer: i + 1 };
      if (entry.kind === 'file') stored.push(inode);
      lay(top, entry, inode, names);
    }
    named.push(names);
    views.push(flatten(top));
  }
  return { layers: layers.map((_, i) => summary(i + 1, views, stored, named[i] as Set<string>)), views };
}

function hide(top: Place, entries: readonly Entry[]): void {
  const own = new Set(entries.filter((entry) => entry.kind === 'directory').map((entry) => entry.path));
  for (const entry of entries.filter((one) => one.kind === 'whiteout' && one.path !== '')) {
    const names = entry.path.split('/');
    const base = names.pop() as string;
    const parent = follow(top, names, own);
    if (parent) lookUp(top, parent)?.children?.delete(base);
  }
  for (const entry of entries.filter((one) => one.kind === 'opaque')) {
    const directory = follow(top, entry.path.split('/'), own);
    if (directory) lookUp(top, directory)?.children?.clear();
  }
}

function lay(top: Place, entry: Entry, own: NaiveInode, names: Set<string>): void {
  const parts = entry.path.split('/');
  const base = parts.pop() as string;
  const parent = follow(top, parts);
  if (!parent) return;
  let inode = own;
  if (entry.kind === 'hardlink') {
    const target = entry.link.split('/');
    const last = target.pop() as string;
    const directory = follow(top, target);
    const found = directory && lookUp(top, [...directory, last]);
    if (!found || found.children || !found.inode) return;
    inode = found.inode;
  }
  let place = top;
  for (const name of parent) {
    let next = place.children?.get(name);
    if (!next?.children) {
      next = { inode: null, children: new Map() };
      place.children?.set(name, next);
    }
    place = next;
  }
  const there = place.children?.get(base);
  if (inode.entry.kind === 'directory' && there?.children) there.inode = inode;
  else place.children?.set(base, { inode, children: inode.entry.kind === 'directory' ? new Map() : null });
  names.add([...parent, base].join('/'));
}

function lookUp(top: Place, names: readonly string[]): Place | undefined {
  let place: Place | undefined = top;
  for (const name of names) place = place?.children?.get(name);
  return place;
}

function follow(top: Place, names: readonly string[], stops?: ReadonlySet<string>): string[] | undefined {
  const todo = [...names].reverse();
  let done: string[] = [];
  let hops = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      done.pop();
      continue;
    }
    const next = [...done, name];
    const inode = lookUp(top, next)?.inode;
    if (inode?.entry.kind !== 'symlink') {
      done = next;
      continue;
    }
    if (stops?.has(next.join('/')) || ++hops > 40) return undefined;
    if (inode.entry.link.startsWith('/')) done = [];
    todo.push(...inode.entry.link.split('/').reverse());
  }
  return done;
}

function flatten(top: Place): Map<string, NaiveInode | null> {
  const flat = new Map<string, NaiveInode | null>();
  const walk = (place: Place, prefix: string) => {
    for (const [name, child] of place.children ?? []) {
      flat.set(prefix + name, child.inode);
      walk(child, `${prefix}${name}/`);
    }
  };
  walk(top, '');
  return flat;
}

function summary(
  layer: number,
  views: readonly Map<string, NaiveInode | null>[],
  stored: readonly NaiveInode[],
  names: ReadonlySet<string>,
): NaiveLayer {
  const reach = views.map((view) => new Set(view.values()));
  const isLive = (inode: NaiveInode, at: number) => (reach[at] as Set<NaiveInode | null>).has(inode);
  const sum = (inodes: readonly NaiveInode[]) => inodes.reduce((bytes, inode) => bytes + inode.entry.size, 0);
  const own = stored.filter((inode) => inode.layer === layer);
  const known = stored.filter((inode) => inode.layer <= layer);
  return {
    stored: sum(own),
    dead: sum(own.filter((inode) => !isLive(inode, views.length - 1))),
    caused: sum(known.filter((inode) => !isLive(inode, layer) && (inode.layer === layer || isLive(inode, layer - 1)))),
    changes: changeList(
      views[layer - 1] as Map<string, NaiveInode | null>,
      views[layer] as Map<string, NaiveInode | null>,
      names,
    ),
  };
}

function changeList(
  before: ReadonlyMap<string, NaiveInode | null>,
  after: ReadonlyMap<string, NaiveInode | null>,
  names: ReadonlySet<string>,
): string[] {
  const list: string[] = [];
  for (const [path, inode] of after) {
    const old = before.get(path) ?? null;
    if (!inode) {
      if (old && old.entry.kind !== 'directory') list.push(`${path} modified directory 0 type`);
    } else if (names.has(path)) {
      if (!old) list.push(`${path} added ${inode.entry.kind} ${inode.entry.size} `);
      else {
        const reasons = whatDiffers(old, inode);
        if (reasons.length > 0) list.push(`${path} modified ${inode.entry.kind} ${inode.entry.size} ${reasons}`);
      }
    }
  }
  for (const [path, inode] of before) {
    if (inode && !after.has(path)) list.push(`${path} removed ${inode.entry.kind} ${inode.entry.size} `);
  }
  return list.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function whatDiffers(old: NaiveInode, young: NaiveInode): string[] {
  if (old === young) return [];
  const [a, b] = [old.entry, young.entry];
  if (a.kind !== b.kind) return ['type'];
  const reasons: string[] = [];
  if (a.kind === 'file' && a.digest !== b.digest) reasons.push('content');
  if (a.link !== b.link) reasons.push('link');
  if (a.mode !== b.mode) reasons.push('mode');
  if (a.uid !== b.uid || a.gid !== b.gid) reasons.push('owner');
  if (JSON.stringify(a.xattrs ?? {}) !== JSON.stringify(b.xattrs ?? {})) reasons.push('xattr');
  if (a.mtime !== b.mtime) reasons.push('mtime');
  return reasons.length === 0 && a.kind === 'file' ? ['rewritten'] : reasons;
}
