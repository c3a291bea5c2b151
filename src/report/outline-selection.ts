import type { OutlineNode } from './image-report.ts';

/** Which paths of an outline are shown; directories lead to them. */
export interface OutlineChoice {
  /** Asked for every path but directories, and for directories that were changed. */
  isShown(path: string, node: OutlineNode): boolean;
}

/** The outline of the paths that are chosen, with sums of these alone. Takes time and memory for the whole outline. */
export function chosenOutline(root: OutlineNode, { isShown }: OutlineChoice): OutlineNode {
  const top: Pending = { node: root, path: '', todo: [...root.children()], next: 0, kept: [] };
  const stack = [top];
  // A stack of its own: paths may be nested deeper than calls.
  for (let pending = stack.at(-1); pending; pending = stack.at(-1)) {
    const node = pending.todo[pending.next++];
    if (node) {
      const path = pending.path === '' ? node.name : `${pending.path}/${node.name}`;
      if (node.kind === 'directory') stack.push({ node, path, todo: [...node.children()], next: 0, kept: [] });
      else if (isShown(path, node)) pending.kept.push(node);
      continue;
    }
    stack.pop();
    const parent = stack.at(-1);
    if (parent && (pending.kept.length > 0 || isShown(pending.path, pending.node))) parent.kept.push(chosen(pending));
  }
  return chosen(top);
}

interface Pending {
  readonly node: OutlineNode;
  readonly path: string;
  readonly todo: readonly OutlineNode[];
  next: number;
  readonly kept: OutlineNode[];
}

function chosen({ node, kept }: Pending): OutlineNode {
  const bytes = kept.reduce((sum, child) => sum + (isSized(child) ? child.bytes : 0), 0);
  const files = kept.reduce(
    (sum, child) => sum + (child.kind === 'directory' ? child.files : child.kind === 'file' ? 1 : 0),
    0,
  );
  return { ...node, bytes, files, children: () => kept };
}

function isSized({ kind }: OutlineNode): boolean {
  return kind === 'file' || kind === 'directory';
}
