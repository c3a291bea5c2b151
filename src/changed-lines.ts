import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { DlintError } from './errors.ts';
import { git, tryGit } from './git.ts';

/** Lines of a file, counted from 1, both ends included; `all` for a file that is new. */
export type Lines = 'all' | readonly (readonly [first: number, last: number])[];

/** So many paths go to one call of git. */
const atOnce = 400;

/**
 * The lines of the files that differ from where `ref` and the commit that is checked out part (`git merge-base`);
 * without `ref`, from that commit. What is staged counts, and what is not; a file that git does not track counts whole.
 * Where lines were taken away, the lines before and behind count. Files of submodules have no lines that changed.
 *
 * @throws DlintError E_PROGRAM, E_USAGE
 */
export async function readChangedLines(
  paths: readonly string[],
  ref: string | undefined,
): Promise<ReadonlyMap<string, Lines>> {
  const root = await openRepository(ref);
  const names = new Map(paths.map((path) => [path, nameIn(root, path)]));
  const wanted = [...new Set(names.values())].filter((name) => !isInNested(root, name));
  const base = await baseCommit(root, ref);
  const tracked = new Set(await listTracked(root, wanted));
  const lines = new Map<string, Lines>(wanted.map((name) => [name, tracked.has(name) && base ? [] : 'all']));
  if (base) {
    const changes = (await listChanges(root, base)).filter(({ name }) => lines.has(name) && tracked.has(name));
    for (let at = 0; at < changes.length; at += atOnce) {
      const some = changes.slice(at, at + atOnce).flatMap(({ name, from }) => (from ? [from, name] : [name]));
      const patch = await git(root, [...diff(base), '-U0', '--inter-hunk-context=0', '--', ...new Set(some)]);
      for (const [name, found] of readPatch(patch)) if (lines.has(name)) lines.set(name, found);
    }
  }
  return new Map(paths.map((path) => [path, lines.get(names.get(path) as string) ?? []]));
}

async function openRepository(ref: string | undefined): Promise<string> {
  const found = await tryGit('.', ['rev-parse', '--show-toplevel']);
  if (typeof found === 'string' && found.trim() !== '') return realpathSync(found.replace(/\r?\n$/, ''));
  const flag = ref === undefined ? '--changed' : `--since ${ref}`;
  const said = typeof found === 'string' ? 'a bare repository' : found.where;
  throw new DlintError('E_USAGE', `${flag} needs a git repository`, {
    where: said ?? process.cwd(),
    hint: 'start dlint inside of it',
  });
}

/** Relative to the root, `/` between names. A link stands for what it leads to. */
function nameIn(root: string, path: string): string {
  const name = relative(root, existing(resolve(path)))
    .split(sep)
    .join('/');
  if (!name.startsWith('../') && name !== '..' && resolve(root, name).startsWith(root)) return name;
  throw new DlintError('E_USAGE', `${path} is not in this repository`, {
    where: root,
    hint: '--since and --changed look at the repository of the working directory',
  });
}

function existing(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether a folder on the way down is a repository of its own. */
function isInNested(root: string, name: string): boolean {
  for (let at = dirname(name); at !== '.'; at = dirname(at)) {
    if (statSync(join(root, at, '.git'), { throwIfNoEntry: false })) return true;
  }
  return false;
}

/** Undefined where nothing has been committed. */
async function baseCommit(root: string, ref: string | undefined): Promise<string | undefined> {
  if (ref === undefined) {
    const head = await tryGit(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
    return typeof head === 'string' ? head.trim() : undefined;
  }
  const at = { where: `--since ${ref}` };
  // A name that begins so would be a flag of git.
  const commit = ref.startsWith('-') ? undefined : await tryGit(root, ['rev-parse', '--verify', `${ref}^{commit}`]);
  if (typeof commit !== 'string') {
    const hint = 'a branch, tag or commit; in CI, fetch it first (actions/checkout: fetch-depth: 0)';
    throw new DlintError('E_USAGE', `git knows no commit ${ref}`, { ...at, hint });
  }
  const base = await tryGit(root, ['merge-base', commit.trim(), 'HEAD']);
  if (typeof base === 'string') return base.trim();
  throw new DlintError('E_USAGE', `${ref} and what is checked out have no commit in common`, {
    ...at,
    hint: 'a shallow clone? git fetch --unshallow (actions/checkout: fetch-depth: 0)',
  });
}

async function listTracked(root: string, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < names.length; at += atOnce) {
    found.push(...splitNul(await git(root, ['ls-files', '-z', '--', ...names.slice(at, at + atOnce)])));
  }
  return found;
}

function diff(base: string): readonly string[] {
  const output = [
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    '--no-relative',
  ];
  return ['diff', '--find-renames', '--ignore-submodules=all', ...output, base];
}

/** Files that are there and differ; `from` is the name that a renamed one had. */
async function listChanges(root: string, base: string): Promise<readonly { name: string; from?: string }[]> {
  const fields = splitNul(await git(root, [...diff(base), '--name-status', '-z']));
  const changes: { name: string; from?: string }[] = [];
  for (let at = 0; at < fields.length; ) {
    const status = fields[at++] as string;
    const first = fields[at++] as string;
    if (/^[RC]/.test(status)) changes.push({ from: first, name: fields[at++] as string });
    else if (status !== 'D') changes.push({ name: first });
  }
  return changes;
}

function splitNul(text: string): readonly string[] {
  return text.split('\0').filter((part) => part !== '');
}

/** The new lines of each file of a patch without context. */
export function readPatch(patch: string): ReadonlyMap<string, Lines> {
  const files = new Map<string, [number, number][]>();
  let current: [number, number][] | undefined;
  let body = 0;
  for (const line of patch.split('\n')) {
    // A line of a hunk may look like a header: those that the header has announced are passed over.
    if (body > 0 && /^[-+\\]/.test(line)) {
      if (line[0] !== '\\') body--;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      const [, removed = '1', start = '1', added = '1'] = hunk;
      body = Number(removed) + Number(added);
      const first = Number(start);
      current?.push(added === '0' ? [first, first + 1] : [first, first + Number(added) - 1]);
    } else if (line.startsWith('+++ ')) {
      current = [];
      files.set(unquote(line.slice(4).replace(/\t$/, '')).replace(/^b\//, ''), current);
    }
  }
  return files;
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Names with quotes, backslashes or control characters stand in C quotes (git-config(1), core.quotePath). */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  for (const [, octal, escaped, plain] of name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal) bytes.push(Number.parseInt(octal, 8));
    else if (escaped) bytes.push(escapes[escaped] ?? escaped.charCodeAt(0));
    else bytes.push(...Buffer.from(plain ?? ''));
  }
  return Buffer.from(bytes).toString('utf8');
}
