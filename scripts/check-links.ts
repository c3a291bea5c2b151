/**
 * Every relative link in the documentation leads to a file of the repository, and every `#anchor` to a heading of it.
 * Other sites are not asked. `npm run check:static` runs it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const beginnings = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs', 'editors', 'examples', 'rules'];

export interface BrokenLink {
  /** Relative to the folder that was looked at. */
  readonly file: string;
  readonly line: number;
  readonly target: string;
  readonly problem: string;
}

/** The links in the Markdown files of a folder that lead nowhere. */
export function findBrokenLinks(folder: string, paths: readonly string[] = beginnings): readonly BrokenLink[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsIn = (file: string): ReadonlySet<string> => {
    const known = anchors.get(file) ?? anchorsOf(readFileSync(file, 'utf8'));
    anchors.set(file, known);
    return known;
  };
  return markdownFiles(folder, paths).flatMap((path) =>
    linksOf(readFileSync(join(folder, path), 'utf8')).flatMap(({ line, target }) => {
      const problem = problemOf(join(folder, path), target, folder, anchorsIn);
      return problem === undefined ? [] : [{ file: path, line, target, problem }];
    }),
  );
}

function problemOf(
  file: string,
  target: string,
  folder: string,
  anchorsIn: (file: string) => ReadonlySet<string>,
): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path = '', anchor] = target.split('#', 2);
  const led = path === '' ? file : resolve(dirname(file), decodeURI(path));
  if (relative(folder, led).startsWith('..')) return 'leads out of the repository';
  if (!existsSync(led)) return 'there is no such file';
  if (anchor === undefined) return undefined;
  if (!led.endsWith('.md')) return 'an anchor in what is not Markdown';
  return anchorsIn(led).has(anchor) ? undefined : 'there is no such heading';
}

function markdownFiles(folder: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const stat = statSync(join(folder, path), { throwIfNoEntry: false });
    if (!stat?.isDirectory()) return stat && path.endsWith('.md') ? [path] : [];
    const names = readdirSync(join(folder, path)).filter((name) => name !== 'node_modules');
    return markdownFiles(
      folder,
      names.sort().map((name) => `${path}/${name}`),
    );
  });
}

/** Targets of inline links and images, of reference definitions, and of `href` and `src`; code has none. */
export function linksOf(markdown: string): readonly { readonly line: number; readonly target: string }[] {
  return proseLines(markdown).flatMap((text, i) => {
    const plain = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, (code) => ' '.repeat(code.length));
    const found = [
      ...plain.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+["'(][^)]*)?\)/g),
      ...plain.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/g),
      ...plain.matchAll(/<(?:a|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g),
    ];
    return found.map(([, target = '']) => ({ line: i + 1, target }));
  });
}

/** What GitHub calls the headings of a page, and the names that HTML in it gives. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(markdown)) {
    for (const [, name = ''] of line.matchAll(/<[a-z0-9]+\b[^>]*?\s(?:id|name)="([^"]+)"/g)) anchors.add(name);
    const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const name = slug(heading);
    let unique = name;
    for (let i = 1; anchors.has(unique); i++) unique = `${name}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}

/** github-slugger's way: lower case, punctuation dropped, a hyphen for each blank. */
function slug(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** The lines, those of fenced code empty. */
function proseLines(markdown: string): string[] {
  let fence = '';
  return markdown.split(/\r?\n/).map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '') {
      fence = mark;
      return mark === '' ? line : '';
    }
    if (mark.startsWith(fence) && line.trim() === mark) fence = '';
    return '';
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const broken = findBrokenLinks(root);
  for (const { file, line, target, problem } of broken) {
    process.stderr.write(`${file}:${line}: ${target}: ${problem}\n`);
  }
  process.stdout.write(`${broken.length === 0 ? 'no' : broken.length} broken links\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
