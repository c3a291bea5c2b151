import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

const maxBytes = 1024 * 1024;

/** The .gitignore files in force in one directory of a search (gitignore(5)). */
export interface GitIgnore {
  /** `path` is relative to the root of the search; a directory ends in a slash. */
  excludes(path: string): boolean;
  /** The rules below `directory` (relative to the root), which has a .gitignore of its own. */
  enter(directory: string): GitIgnore;
}

interface RuleFile {
  /** Absolute, ends in a slash. */
  readonly directory: string;
  readonly rules: Ignore;
}

/** Rules for a search that starts in `root`, those of the directories above it in the same repository included. */
export function openGitIgnore(root: string): GitIgnore {
  const real = withSlash(realpathSync(root));
  const inForce = (files: readonly RuleFile[]): GitIgnore => ({
    excludes: (path) => isExcluded(files, real + path),
    enter: (directory) => inForce([...files, ...read(withSlash(real + directory))]),
  });
  return inForce(directoriesAbove(real).flatMap(read));
}

/** The deepest file that says anything about a path decides. */
function isExcluded(files: readonly RuleFile[], path: string): boolean {
  for (let i = files.length - 1; i >= 0; i--) {
    const { directory, rules } = files[i] as RuleFile;
    const verdict = rules.test(path.slice(directory.length));
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}

function read(directory: string): RuleFile[] {
  const path = join(directory, '.gitignore');
  try {
    const stat = statSync(path);
    // A pipe of that name must not keep the program waiting.
    if (!stat.isFile() || stat.size > maxBytes) return [];
    return [{ directory, rules: ignore().add(readFileSync(path, 'utf8')) }];
  } catch {
    return [];
  }
}

/** From the root of the repository down to, not including, `directory`; none outside a repository. */
function directoriesAbove(directory: string): string[] {
  const above: string[] = [];
  for (let at = directory; !existsSync(join(at, '.git')); ) {
    const parent = dirname(at);
    if (parent === at) return [];
    above.unshift(withSlash(parent));
    at = parent;
  }
  return above;
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
