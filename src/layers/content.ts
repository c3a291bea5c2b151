import type { ContentFacts, LargeFile } from '../report/image-report.ts';
import type { Fold } from './fold.ts';
import { ABSENT, IMPLIED } from './history.ts';
import { keepLargest } from './largest.ts';
import { ROOT } from './path-trie.ts';

/** The final tree in numbers, and its largest bodies, each under the first of its paths. */
export function contentOf(fold: Fold, limit: number): { facts: ContentFacts; largest: LargeFile[] } {
  const { trie, history, inodes } = fold;
  const facts = { files: 0, directories: 0, symlinks: 0, apparentBytes: 0 };
  const largest: { inode: number; node: number; size: number }[] = [];
  /** What is not larger is not among them. */
  let least = limit > 0 ? 0 : Number.POSITIVE_INFINITY;
  for (let node = ROOT + 1; node < trie.size; node++) {
    const state = history.now(node);
    if (state === ABSENT) continue;
    const kind = state === IMPLIED ? 'directory' : inodes.kind(state);
    if (kind === 'directory') facts.directories++;
    else if (kind === 'symlink') facts.symlinks++;
    else if (kind === 'file') {
      const size = inodes.size(state);
      facts.files++;
      facts.apparentBytes += size;
      if (size <= least) continue;
      if (largest.some(({ inode }) => inode === state)) continue;
      keepLargest(largest, { inode: state, node, size }, limit);
      if (largest.length === limit) least = (largest[limit - 1] as { size: number }).size;
    }
  }
  return {
    facts,
    largest: largest.map(({ inode, node, size }) => ({ path: trie.path(node), size, layer: inodes.layer(inode) })),
  };
}
