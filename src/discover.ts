import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DlintError } from './errors.ts';
import { readFailure } from './files.ts';
import type { GitIgnore } from './gitignore.ts';

/** What was found, and what could not be: one bad path does not stop the others. */
export interface Discovery {
  /** As the user would name them, each file once, in the order of the paths, directories sorted by name. */
  readonly files: readonly string[];
  /** Compose and bake files, which say what is built from which Dockerfile. */
  readonly buildFiles: readonly FoundBuildFile[];
  readonly errors: readonly { readonly path: string; readonly error: DlintError }[];
}

export interface FoundBuildFile {
  readonly path: string;
  /** False for one that was met in a directory. */
  readonly isNamed: boolean;
}

// What belongs to tools and is not of the project. Other hidden folders are searched: .devcontainer, .circleci, .github.
const skippedDirectories = new Set([
  ...['.git', '.hg', '.svn', '.jj', 'node_modules', 'bower_components', 'vendor', '__pycache__', 'site-packages'],
  ...['.venv', '.tox', '.nox', '.eggs', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.cache', '.direnv'],
  ...['.yarn', '.pnpm-store', '.npm', '.next', '.nuxt', '.turbo', '.gradle', '.m2', '.cargo', '.bundle', '.terraform'],
]);
const buildFileName =
  /^(?:(?:docker-)?compose(?:[._-].*)?\.ya?ml|docker-bake(?:[._-].*)?\.json|(?:docker-)?bake(?:[._-].*)?\.hcl)$/i;
// They are read with the file that they override.
const overrideName = /^(?:(?:docker-)?compose|docker-bake)\.override\./i;

const dockerfileName = /^(?:.*[._-])?(?:docker|container)file(?:[._-].*)?$/i;
// Files that carry the name and are something else: ignore lists, documentation, templates, editors' leftovers.
const otherSuffix =
  /(?:~|\.(?:dockerignore|containerignore|md|markdown|rst|adoc|txt|html?|j2|jinja2?|tmpl|tpl|template|erb|ejs|mustache|hbs|gotmpl|in|m4|orig|rej|bak|swp|swo|tmp|lock|json|ya?ml|toml|sh|py|js|ts|go|rs|rb|php|java|diff|patch|png|svg|gz|zip|tar))$/i;

/** Whether a file of this name in a searched directory is taken for a Dockerfile. */
export function isDockerfileName(name: string): boolean {
  return dockerfileName.test(name) && !otherSuffix.test(name);
}

/** Whether a file of this name is taken for a compose or bake file. */
export function isBuildFileName(name: string): boolean {
  return buildFileName.test(name);
}

/**
 * Turns paths into Dockerfiles, and files that name Dockerfiles. A file is taken as it is given, whatever its name; a directory is searched; what does
 * not exist and has glob characters is a glob (picomatch syntax) for file paths; `-` is standard input, whose name is
 * `stdinName`.
 */
export async function discover(paths: readonly string[], stdinName = '-'): Promise<Discovery> {
  const files = new Map<string, string>();
  const buildFiles = new Map<string, FoundBuildFile>();
  const errors: { path: string; error: DlintError }[] = [];
  for (const path of paths) {
    try {
      const found = path === '-' ? ['-'] : await expand(path);
      for (const file of found) {
        const identity = file === '-' ? '-' : identify(file);
        const name = basename(file === '-' ? stdinName : file);
        // HCL may be anything; that it is a bake file is said by who names it.
        if (isBuildFileName(name) || (file === path && name.endsWith('.hcl'))) {
          const isNamed = file === path || buildFiles.get(identity)?.isNamed === true;
          buildFiles.set(identity, { path: file, isNamed });
        } else if (!files.has(identity)) files.set(identity, file);
      }
    } catch (error) {
      if (!(error instanceof DlintError)) throw error;
      errors.push({ path, error });
    }
  }
  return { files: [...files.values()], buildFiles: [...buildFiles.values()], errors };
}

function isOurs(name: string): boolean {
  return isDockerfileName(name) || (isBuildFileName(name) && !overrideName.test(name));
}

async function expand(path: string): Promise<readonly string[]> {
  const stat = statOf(path);
  if (stat?.isDirectory()) {
    const found = [...(await walk(path, isOurs))];
    if (found.length > 0) return found;
    throw new DlintError('E_NO_FILES', `no Dockerfile in ${path === '.' ? 'this directory' : path}`, {
      where: resolve(path),
      hint: 'looked for Dockerfile, Containerfile, *.Dockerfile, Dockerfile.* and the like, without what .gitignore excludes; a file of any name can be given by its path',
    });
  }
  if (stat) return [path];
  const pattern = slashed(path);
  if (/[*?[{]/.test(pattern)) return expandGlob(pattern);
  if (path === '') {
    throw new DlintError('E_USAGE', 'a path without a name', {
      where: 'dlint lint ""',
      hint: 'dlint lint . for this one',
    });
  }
  throw new DlintError('E_NOT_FOUND', `${path} does not exist`, {
    where: resolve(path),
    hint: neighbours(path) ?? 'check the path',
  });
}

/** A path as globs have it. On Windows `\\` separates; elsewhere it stands for itself, or escapes what follows. */
export function slashed(path: string, platform = process.platform): string {
  return platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Dockerfiles beside a path that does not exist. */
function neighbours(path: string): string | undefined {
  const plain = slashed(path);
  const slash = plain.lastIndexOf('/');
  const directory = slash < 0 ? '.' : plain.slice(0, slash) || '/';
  try {
    const names = readdirSync(directory).filter(isDockerfileName).sort().slice(0, 3);
    return names.length === 0 ? undefined : `there is ${names.map((name) => join(directory, name)).join(', ')}`;
  } catch {
    return undefined;
  }
}

async function expandGlob(glob: string): Promise<readonly string[]> {
  const picomatch = (await import('picomatch')).default;
  const { base, glob: rest, isGlob } = picomatch.scan(glob);
  const directory = base === '' ? '.' : base;
  const matches = picomatch(isGlob ? rest : glob, { dot: true });
  const depthBound = rest.includes('**') ? undefined : rest.split('/').length;
  const found =
    statOf(directory)?.isDirectory() === true
      ? await walk(directory, (_, relative) => matches(relative), { depthBound, gitignore: false })
      : [];
  const files = [...found].map((file) => (base === '' ? file.replace(/^\.\//, '') : file));
  if (files.length > 0) return files;
  throw new DlintError('E_NO_FILES', `no file matches ${glob}`, {
    where: resolve(directory),
    hint: "quote the pattern so that dlint and not the shell expands it, e.g. '**/Dockerfile*'",
  });
}

interface WalkOptions {
  readonly depthBound?: number | undefined;
  readonly gitignore?: boolean;
}

/** Depth first, names in order. Directories behind symbolic links are not entered, so there are no loops. */
async function walk(
  root: string,
  accepts: (name: string, relative: string) => boolean,
  { depthBound = 64, gitignore = true }: WalkOptions = {},
): Promise<readonly string[]> {
  const files: string[] = [];
  const visit = (directory: string, relative: string, depth: number, above: GitIgnore | undefined): void => {
    const entries = listDirectory(directory, depth === 1);
    const rules = entries.some(({ name }) => name === '.gitignore') ? above?.enter(relative) : above;
    for (const entry of entries) {
      const inner = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (depth >= depthBound || skippedDirectories.has(entry.name) || rules?.excludes(`${inner}/`)) continue;
        visit(path, inner, depth + 1, rules);
      } else if (accepts(entry.name, inner) && isFile(entry, path) && !rules?.excludes(inner)) files.push(path);
    }
  };
  visit(root, '', 1, gitignore ? (await import('./gitignore.ts')).openGitIgnore(root) : undefined);
  return files;
}

function listDirectory(directory: string, isRoot: boolean): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    // A directory inside that may not be read is not what was asked for.
    if (isRoot) throw readFailure(directory, error);
    return [];
  }
}

function isFile(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function identify(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** `./x` stays out of reports: what is found in `.` is named as the user would type it. */
function join(directory: string, name: string): string {
  if (directory === '.' || directory === '') return name;
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}
