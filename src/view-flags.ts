import { DlintError } from './errors.ts';
import type { FlagValues } from './flags.ts';
import { readSize } from './image-flags.ts';
import { compileGlobs } from './layers/probes/globs.ts';
import type { OutlineNode, PathChange } from './report/image-report.ts';
import type { TreeOptions } from './report/inspect-tree.ts';

type Flags = Pick<
  FlagValues<'inspect'>,
  'depth' | 'sort' | 'filter' | 'changes' | 'min-size' | 'path' | 'layer' | 'format'
>;

/** What the flags of `inspect` choose to be shown. */
export interface View {
  readonly tree: TreeOptions;
  /** Absent: every change. */
  readonly isShown?: (change: PathChange) => boolean;
  /** `--path`: the text is the history of these paths. */
  readonly isHistory: boolean;
}

const CHANGES = ['added', 'modified', 'removed'];

/** @throws DlintError E_USAGE for values that cannot be, and for flags that have nothing to act on */
export function readView(flags: Flags): View {
  const isTree = flags.format?.some((format) => /^tree\b/.test(format)) === true;
  const misplaced = (['depth', 'sort'] as const).find((name) => flags[name] !== undefined && !isTree);
  if (misplaced)
    throw new DlintError('E_USAGE', `--${misplaced} is for trees`, { where: `--${misplaced}`, hint: 'add -f tree' });
  if (isTree && flags.changes && flags.layer === undefined) {
    throw new DlintError('E_USAGE', 'the final file system has no changes', {
      where: '--changes with -f tree',
      hint: 'add --layer N, for the tree of what that layer changed',
    });
  }
  checkLists(flags);
  const isChosen = choiceOf(flags);
  return {
    tree: {
      ...(flags.depth !== undefined && { depth: readDepth(flags.depth) }),
      ...(flags.sort === 'size' && { sort: 'size' as const }),
      ...(isChosen && { choice: { isShown: isChosen.node } }),
    },
    ...(isChosen && { isShown: isChosen.change }),
    isHistory: flags.path !== undefined,
  };
}

/** Of what a format shows, trees and lists of changes can be chosen from; the text has a list with `--layer` and `--path`. */
function checkLists(flags: Flags): void {
  const chosen = (['filter', 'changes', 'min-size'] as const).find((name) => flags[name] !== undefined);
  const formats = flags.format ?? ['text'];
  const hasList = formats.some((format) => /^(?:tree|json|csv)\b/.test(format));
  if (chosen === undefined || hasList || flags.layer !== undefined || flags.path) return;
  throw new DlintError('E_USAGE', `nothing is listed that --${chosen} could choose from`, {
    where: `--${chosen}`,
    hint: 'add --layer N, -f tree, -f csv or -f json',
  });
}

interface Choice {
  node(path: string, node: OutlineNode): boolean;
  change(change: PathChange): boolean;
}

function choiceOf(flags: Flags): Choice | undefined {
  const { filter, path, changes, 'min-size': size } = flags;
  const globs = [...(filter ?? []), ...(path ?? [])];
  if (globs.length === 0 && !changes && size === undefined) return undefined;
  const matches = globs.length === 0 ? () => true : compileGlobs(globs.flatMap(anchored));
  const least = size === undefined ? 0 : readSize('--min-size', size);
  const kinds = changes && new Set(changes.flatMap(readChanges));
  return {
    node: (name, { kind, bytes, change }) => {
      // A directory stands for itself only where nothing is asked of its size.
      const isSized = kind === 'file' ? bytes >= least : least === 0;
      return isSized && (!kinds || (change !== undefined && kinds.has(change))) && matches(name);
    },
    change: ({ path: name, kind, size: bytes, change }) =>
      (kind === 'file' ? bytes >= least : least === 0) && (!kinds || kinds.has(change)) && matches(name),
  };
}

/** A glob with a slash starts at the root, one without matches a name anywhere; what lies below a match is meant, too. */
function anchored(glob: string): string[] {
  const bare = glob.replace(/^\/+|\/+$/g, '');
  const rooted = glob.replace(/\/+$/, '').includes('/') ? bare : `**/${bare}`;
  return bare === '' ? ['**'] : [rooted, `${rooted}/**`];
}

function readChanges(value: string): string[] {
  const found = value.split(',').map((word) => word.trim());
  const unknown = found.find((word) => !CHANGES.includes(word));
  if (unknown === undefined) return found;
  throw new DlintError('E_USAGE', `${unknown === '' ? 'nothing' : unknown} is no kind of change`, {
    where: `--changes ${value}`,
    hint: 'added, modified, removed; several with commas between them',
  });
}

function readDepth(value: string): number {
  if (/^\d{1,6}$/.test(value) && Number(value) >= 1) return Number(value);
  throw new DlintError('E_USAGE', `${value} is not a depth`, { where: `--depth ${value}`, hint: 'a number from 1' });
}
