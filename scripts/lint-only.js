// Leaves out of a bundle what rules have for their readers and their tests. Linting takes none of it, and it is most of
// what the rules weigh: text that every start would load.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** An esbuild plugin: the rules of `folder` come without examples. */
export function lintOnly(folder) {
  return {
    name: 'lint-only',
    setup(build) {
      build.onLoad({ filter: /[/\\]rules[/\\][^/\\]+\.ts$/ }, ({ path }) => {
        if (dirname(path) !== folder || basename(path) === 'index.ts') return undefined;
        return { contents: withoutDocumentation(readFileSync(path, 'utf8'), path), loader: 'ts' };
      });
    },
  };
}

/**
 * The text of a rule file with an empty list of examples and no deviations. The formatter indents the fields of a rule
 * by two spaces, so such a list ends at the first line that closes a bracket there. A file that has not one list of
 * examples in this form fails the build.
 */
export function withoutDocumentation(text, path) {
  const lean = replaceList(text, 'examples', 1, '  examples: [],\n', path);
  return replaceList(lean, 'deviations', text.match(/^ {2}deviations\b/gm)?.length ?? 0, '', path);
}

function replaceList(text, field, expected, replacement, path) {
  const list = new RegExp(`^  ${field}: \\[(?:.*\\],|\\n(?:(?!  \\]).*\\n)*  \\],)\\n`, 'gm');
  const found = text.match(list)?.length ?? 0;
  if (found === expected && found <= 1) return text.replace(list, () => replacement);
  throw new Error(`${path}: one list "${field}: […]," is left out of the lint bundle, but here are ${found}`);
}
