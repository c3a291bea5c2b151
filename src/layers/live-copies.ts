import type { LiveCopy } from '../report/image-report.ts';
import type { Fold } from './fold.ts';
import type { BodyPlace, DigestOf } from './image-tree.ts';
import type { MoveCandidates } from './moves.ts';
import { ROOT } from './path-trie.ts';

/** A body of the final tree under the first of its paths. */
export interface LiveBody extends BodyPlace {
  readonly size: number;
  readonly path: string;
}

/** Bodies of the final tree that have the size of another one: at least `least` bytes, the largest first. */
export function liveOfOneSize({ trie, history, inodes }: Fold, least: number): LiveBody[][] {
  const seen = new Set<number>();
  const bySize = new Map<number, { inode: number; node: number }[]>();
  for (let node = ROOT + 1; node < trie.size; node++) {
    const inode = history.now(node);
    const size = inode < 0 ? 0 : inodes.size(inode);
    if (inode < 0 || size < least || inodes.kind(inode) !== 'file' || seen.has(inode)) continue;
    seen.add(inode);
    const group = bySize.get(size);
    if (group) group.push({ inode, node });
    else bySize.set(size, [{ inode, node }]);
  }
  return [...bySize]
    .filter(([, group]) => group.length > 1)
    .sort(([a], [b]) => b - a)
    .map(([size, group]) =>
      group.map(({ inode, node }) => {
        return { layer: inodes.layer(inode), index: inodes.index(inode), size, path: trie.path(node) };
      }),
    );
}

/** Live bodies that may be equal, and what is known of their contents. */
export interface LiveContents {
  readonly groups: readonly (readonly LiveBody[])[];
  readonly moves: readonly MoveCandidates[];
  readonly digestOf: DigestOf;
  /** Digests that were read for this, by layer/index. */
  readonly known: ReadonlyMap<string, string>;
}

/** Bodies to be hashed at most, in bytes: enough for all that matters, and no more than a second of reading. */
const MOST_HASHED = 512 * 1024 * 1024;
const MOST_BODIES = 20_000;
const MOST_PATHS = 5;

/** What has to be hashed before equal contents are known; where most could be saved first, within a bound. */
export function unhashed(groups: readonly (readonly LiveBody[])[], digestOf: DigestOf): LiveBody[] {
  const open = groups
    .map((group) => group.filter((body) => digestOf(body) === undefined))
    .filter((group) => group.length > 0)
    .sort((a, b) => bytesOf(b) - bytesOf(a));
  let sum = 0;
  let count = 0;
  return open.flatMap((group) => {
    sum += bytesOf(group);
    count += group.length;
    return sum > MOST_HASHED || count > MOST_BODIES ? [] : group;
  });
}

function bytesOf(group: readonly LiveBody[]): number {
  return group.reduce((sum, { size }) => sum + size, 0);
}

/** The same content at several live paths that are no hard links of one another; what could be saved most first. */
export function liveCopies(
  groups: readonly (readonly LiveBody[])[],
  digestOf: DigestOf,
  instructions: readonly string[],
  limit: number,
): LiveCopy[] {
  return groups
    .flatMap((group) => [...byDigest(group, digestOf)].filter(([, bodies]) => bodies.length > 1))
    .map(([digest, bodies]) => liveCopy(digest, bodies, instructions))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, limit);
}

function byDigest(group: readonly LiveBody[], digestOf: DigestOf): Map<string, LiveBody[]> {
  const found = new Map<string, LiveBody[]>();
  for (const body of group) {
    const digest = digestOf(body);
    const same = digest === undefined ? undefined : found.get(digest);
    if (same) same.push(body);
    else if (digest !== undefined) found.set(digest, [body]);
  }
  return found;
}

function liveCopy(digest: string, bodies: readonly LiveBody[], instructions: readonly string[]): LiveCopy {
  const size = bodies[0]?.size ?? 0;
  const layers = [...new Set(bodies.map(({ layer }) => layer))].sort((a, b) => a - b);
  return {
    digest,
    size,
    copies: bodies.length,
    bytes: size * (bodies.length - 1),
    layers,
    paths: bodies.slice(0, MOST_PATHS).map(({ path, layer }) => ({ path, layer, size })),
    advice: adviceFor(layers, instructions),
  };
}

function adviceFor(layers: readonly number[], instructions: readonly string[]): string {
  const last = instructions[(layers.at(-1) ?? 1) - 1] ?? '';
  const isCopied = /^(?:COPY|ADD)\b/.test(last);
  if (layers.length === 1 && layers[0] === 1 && !last.startsWith('RUN')) return 'it is so in the base image';
  if (layers.length === 1 && isCopied) return 'copy one of them, and make the others links to it';
  if (layers.length === 1) return 'make the others hard links in the instruction that writes them (ln, cp -l)';
  return isCopied
    ? 'copy it once; where both paths are needed, make one a symlink'
    : 'make the later one a symlink: a hard link would store the body again';
}
