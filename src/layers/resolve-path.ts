import type { TreeFile, TreeView } from './image-tree.ts';

/** As Linux: more symlinks than this on one way are a loop (path_resolution(7), ELOOP). */
const MAX_HOPS = 40;
/** Names on one way: more than PATH_MAX can hold, links included. */
const MAX_NAMES = 8192;

export type Resolved =
  | { readonly file: TreeFile }
  /** The root directory, which no entry need name. */
  | { readonly file: undefined; readonly problem: 'root' }
  /** `at`: the first path on the way that is not there, is no directory, or is a symlink too many. */
  | {
      readonly file: undefined;
      readonly problem: 'absent' | 'not-a-directory' | 'loop';
      readonly at: string;
      /** What stands where a directory was meant. */
      readonly kind?: TreeFile['kind'];
    };

/**
 * What a path leads to for a program inside the image: symlinks are followed, the last one as well, `..` goes to the
 * parent of where a link led and stops at the root. Nothing outside of the view is ever looked at.
 */
export function resolvePath(view: TreeView, path: string): Resolved {
  const todo = path.split('/').reverse();
  const walked: string[] = [];
  let file: TreeFile | undefined;
  let hops = 0;
  for (let names = 0; todo.length > 0; ) {
    const name = todo.pop() as string;
    if (name === '' || name === '.') continue;
    if (++names > MAX_NAMES) return { file: undefined, problem: 'loop', at: walked.join('/') };
    if (file && file.kind !== 'directory') {
      return { file: undefined, problem: 'not-a-directory', at: walked.join('/'), kind: file.kind };
    }
    if (name === '..') {
      walked.pop();
      file = walked.length === 0 ? undefined : view.get(walked.join('/'));
      continue;
    }
    walked.push(name);
    file = view.get(walked.join('/'));
    if (!file) return { file: undefined, problem: 'absent', at: walked.join('/') };
    if (file.kind !== 'symlink') continue;
    if (++hops > MAX_HOPS) return { file: undefined, problem: 'loop', at: walked.join('/') };
    walked.pop();
    const target = file.entry.link;
    if (target.startsWith('/')) walked.length = 0;
    file = walked.length === 0 ? undefined : view.get(walked.join('/'));
    for (const part of target.split('/').reverse()) todo.push(part);
  }
  return file ? { file } : { file: undefined, problem: 'root' };
}
