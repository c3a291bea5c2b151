import { compileGlobs } from '../layers/probes/globs.ts';
import { linearExpression } from './expression.ts';

/** What paths are chosen by: a part of the path, a glob (with `*`, `?`, `[` or `{`), or after `~` a regular expression. */
export interface Pattern {
  readonly text: string;
  /** Of a path with a `/` before it. */
  matches(path: string): boolean;
  /** Where there is this, a path matches that has such a name in it. */
  matchesName?(name: string): boolean;
}

/** Says instead what is wrong with it. Empty text is no pattern. */
export function readPattern(text: string): Pattern | { readonly problem: string } {
  if (text.startsWith('~')) return readExpression(text);
  if (/[*?[\]{}]/.test(text)) {
    const globs = anchored(text);
    const matches = compileGlobs(globs);
    const isName = text !== '' && !text.includes('/');
    return {
      text,
      matches: (path) => matches(path.slice(1)),
      ...(isName && { matchesName: compileGlobs([globs[0] ?? '']) }),
    };
  }
  // As in vim's smartcase: a capital is meant.
  const isExact = text !== text.toLowerCase();
  const matches = (path: string): boolean => (isExact ? path : path.toLowerCase()).includes(text);
  return { text, matches, ...(text !== '' && !text.includes('/') && { matchesName: matches }) };
}

function readExpression(text: string): Pattern | { readonly problem: string } {
  try {
    return { text, matches: linearExpression(text.slice(1)) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** As for `--filter`: with a slash from the root, without one any name; what lies below is meant, too. */
function anchored(glob: string): string[] {
  const bare = glob.replace(/^\/+|\/+$/g, '');
  const rooted = glob.replace(/\/+$/, '').includes('/') ? bare : `**/${bare}`;
  return bare === '' ? ['**'] : [rooted, `${rooted}/**`];
}
