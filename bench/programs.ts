import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './measure.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The built dlint, as a user starts it. */
export function dlint(...words: string[]): string[] {
  return [process.execPath, join(root, 'bin/run.js'), ...words];
}

export function isInstalled(program: string): boolean {
  return which(program) !== undefined;
}

/** Where a program stands on PATH. */
function which(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The cases whose program is there, and the names of those that are not. */
export function present(candidates: readonly (Case & { program: string })[]): { cases: Case[]; notCompared: string[] } {
  return {
    cases: candidates.filter(({ program }) => which(program)).map(({ program: _, ...rest }) => rest),
    notCompared: [...new Set(candidates.filter(({ program }) => !which(program)).map(({ program }) => program))],
  };
}

/** A word for `sh -c`. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
