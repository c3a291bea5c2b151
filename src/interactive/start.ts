import { DlintError } from '../errors.ts';
import { readPattern } from './pattern.ts';
import { EVERYTHING, type StartOptions } from './state.ts';

/** The flags of `inspect` that have a meaning in the browser, and those that have none. */
export interface StartFlags {
  readonly filter?: readonly string[] | undefined;
  readonly sort?: string | undefined;
  readonly changes?: readonly string[] | undefined;
  readonly format?: unknown;
  readonly path?: unknown;
  readonly depth?: unknown;
  readonly 'min-size'?: unknown;
}

const REPORTS = ['format', 'path', 'depth', 'min-size'] as const;
const KINDS = ['added', 'modified', 'removed'] as const;

/**
 * What the browser begins with.
 * @throws DlintError E_USAGE for flags that are for reports
 */
export function readStart(flags: StartFlags, layer: number | undefined): Omit<StartOptions, 'reference' | 'size'> {
  const misplaced = REPORTS.find((name) => flags[name] !== undefined);
  if (misplaced) {
    throw new DlintError('E_USAGE', `--${misplaced} is for reports, not for looking around`, {
      where: `--interactive --${misplaced}`,
      hint: `leave one of them out; inside, / filters and s sorts`,
    });
  }
  const { filter, sort, changes } = flags;
  return {
    ...(layer !== undefined && { layer }),
    ...(filter && { filter: readFilter(filter) }),
    ...(sort === 'size' && { sort }),
    ...(changes && { shown: readShown(changes) }),
  };
}

function readFilter(globs: readonly string[]) {
  const [glob = '', ...more] = globs;
  const pattern = more.length > 0 ? { problem: 'only one can hold at a time' } : readPattern(glob);
  if (!('problem' in pattern)) return pattern;
  throw new DlintError('E_USAGE', `--filter: ${pattern.problem}`, {
    where: globs.map((one) => `--filter ${one}`).join(' '),
    hint: 'one part of a path, or one glob; * ? and {a,b} stand for more',
  });
}

function readShown(changes: readonly string[]) {
  const words = changes.flatMap((value) => value.split(',')).map((word) => word.trim());
  const unknown = words.find((word) => !(KINDS as readonly string[]).includes(word));
  if (unknown !== undefined) {
    throw new DlintError('E_USAGE', `${unknown === '' ? 'nothing' : unknown} is no kind of change`, {
      where: `--changes ${changes.join(',')}`,
      hint: 'added, modified, removed; several with commas between them',
    });
  }
  const only = Object.fromEntries(KINDS.map((kind) => [kind, words.includes(kind)]));
  return { ...EVERYTHING, ...only, unmodified: false };
}
