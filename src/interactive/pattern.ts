import { compileGlobs } from '../layers/probes/globs.ts';

/** What paths are chosen by: a part of the path, a glob (with `*`, `?`, `[` or `{`), or after `~` a regular expression. */
export interface Pattern {
  readonly text: string;
  /** Of a path with a `/` before it. */
  matches(path: string): boolean;
}

/** Says instead what is wrong with it. Empty text is no pattern. */
export function readPattern(text: string): Pattern | { readonly problem: string } {
  if (text.startsWith('~')) return readExpression(text);
  if (/[*?[\]{}]/.test(text)) {
    const matches = compileGlobs(anchored(text));
    return { text, matches: (path) => matches(path.slice(1)) };
  }
  // As in vim's smartcase: a capital is meant.
  if (text !== text.toLowerCase()) return { text, matches: (path) => path.includes(text) };
  return { text, matches: (path) => path.toLowerCase().includes(text) };
}

function readExpression(text: string): Pattern | { readonly problem: string } {
  try {
    const expression = new RegExp(text.slice(1), 'u');
    return { text, matches: (path) => expression.test(path) };
  } catch (error) {
    return { problem: (error as Error).message.replace(/^.*: /s, '') };
  }
}

/** As for `--filter`: with a slash from the root, without one any name; what lies below is meant, too. */
function anchored(glob: string): string[] {
  const bare = glob.replace(/^\/+|\/+$/g, '');
  const rooted = glob.replace(/\/+$/, '').includes('/') ? bare : `**/${bare}`;
  return bare === '' ? ['**'] : [rooted, `${rooted}/**`];
}
