import type { Baseline } from './baseline.ts';
import type { Lines } from './changed-lines.ts';
import { DlintError } from './errors.ts';
import type { FlagValues } from './flags.ts';
import type { Finding, Source } from './report/finding.ts';
import type { LeftOut, LintedFile } from './report/lint-report.ts';
import { lineStarts, positionAt } from './report/position.ts';
import { lineOrigins } from './report/unified-diff.ts';
import { counted } from './report/units.ts';

type LintFlags = FlagValues<'lint'>;

/** What is left of the findings of a text. */
export interface Sifted {
  readonly findings: readonly Finding[];
  readonly leftOut: LeftOut;
}

/** What holds for one file: `source` is its text as it is now, which may have been repaired meanwhile. */
export type FileSieve = (source: Source, findings: readonly Finding[]) => Sifted;

/** Lets pass what is new: not in the baseline, and on lines that changed. */
export interface Sieve {
  /** @param ran whether a rule was looked at: what others once found is not gone */
  of(original: Source, ran: (rule: string) => boolean): FileSieve;
}

/** Baselines and changed lines of a run, read only where a flag or the configuration asks for them. */
export class Sieves {
  readonly #flags: LintFlags;
  readonly #baselineOf: (path: string) => string | undefined;
  readonly #baselines = new Map<string, Baseline>();

  /** @param baselineOf what the configuration of a file says */
  constructor(flags: LintFlags, baselineOf: (path: string) => string | undefined) {
    this.#flags = flags;
    this.#baselineOf = (path) => flags.baseline ?? baselineOf(path);
    checkFlags(flags);
  }

  /**
   * Undefined when everything passes.
   * @throws DlintError
   */
  async open(paths: readonly string[]): Promise<Sieve | undefined> {
    const { since, changed } = this.#flags;
    const isUpdated = this.#flags['update-baseline'] === true;
    const stdinName = this.#flags['stdin-name'] ?? '-';
    await this.#read(
      paths.map((path) => (path === '-' ? stdinName : path)),
      isUpdated,
    );
    const lines = since !== undefined || changed ? await changedLines(paths, since) : undefined;
    if (!lines && (isUpdated || this.#baselines.size === 0)) return undefined;
    return {
      of: (original, ran) => {
        const baseline = isUpdated ? undefined : this.#of(original.path);
        const changes = lines?.get(original.path);
        return (source, findings) => sift({ original, source, findings, ran, baseline, changes });
      },
    };
  }

  /** Takes what was found into the baselines, where that is asked for: then nothing of it is left. */
  settle(files: readonly LintedFile[]): readonly LintedFile[] {
    if (!this.#flags['update-baseline']) return files;
    for (const [name, baseline] of this.#baselines) {
      baseline.update(files.filter(({ source }) => this.#baselineOf(source.path) === name));
    }
    return files.map((file) => ({
      ...file,
      findings: [],
      leftOut: { known: file.findings.length, unchanged: 0, gone: 0 },
    }));
  }

  /** Lines for standard error: that baselines hold what is not there any more. */
  notes(files: readonly LintedFile[]): readonly string[] {
    if (this.#flags['update-baseline']) {
      const known = files.reduce((sum, { leftOut }) => sum + (leftOut?.known ?? 0), 0);
      return [`${[...this.#baselines.keys()].join(', ')}: ${counted(known, 'finding')} written`];
    }
    return [...this.#baselines].flatMap(([name, baseline]) => {
      const own = files.filter(({ source }) => this.#baselineOf(source.path) === name);
      const gone = own.reduce((sum, { leftOut }) => sum + (leftOut?.gone ?? 0), baseline.countOrphans());
      return gone === 0 ? [] : [`${name}: ${counted(gone, 'finding')} fixed: run dlint lint --update-baseline`];
    });
  }

  #of(path: string): Baseline | undefined {
    return this.#baselines.get(this.#baselineOf(path) ?? '');
  }

  async #read(paths: readonly string[], isUpdated: boolean): Promise<void> {
    const names = new Set(paths.flatMap((path) => this.#baselineOf(path) ?? []));
    if (isUpdated && names.size === 0) {
      throw new DlintError('E_USAGE', 'there is no baseline to update', {
        where: '--update-baseline',
        hint: 'add --baseline .dlint-baseline.json, or a key baseline to .dlint.yaml',
      });
    }
    if (names.size === 0) return;
    const { Baseline } = await import('./baseline.ts');
    for (const name of names) this.#baselines.set(name, isUpdated ? Baseline.readOrNew(name) : Baseline.read(name));
  }
}

async function changedLines(files: readonly string[], since: string | undefined): Promise<ReadonlyMap<string, Lines>> {
  if (files.includes('-')) {
    throw new DlintError('E_USAGE', 'standard input has no lines that changed', {
      where: since === undefined ? '--changed -' : `--since ${since} -`,
      hint: 'name the file',
    });
  }
  const { readChangedLines } = await import('./changed-lines.ts');
  return readChangedLines(files, since);
}

function checkFlags(flags: LintFlags): void {
  const narrowed = (['since', 'changed'] as const).find((name) => flags[name]);
  if (flags.since !== undefined && flags.changed) throw contradiction('--since', '--changed', 'leave one out');
  if (!flags['update-baseline']) return;
  const partial = narrowed ?? (['select', 'ignore', 'diff'] as const).find((name) => flags[name]);
  if (partial) throw contradiction('--update-baseline', `--${partial}`, 'a baseline is made of all findings');
}

function contradiction(one: string, other: string, hint: string): DlintError {
  return new DlintError('E_USAGE', `${one} and ${other} do not go together`, { where: `${one} ${other}`, hint });
}

interface Sifting {
  readonly original: Source;
  readonly source: Source;
  readonly findings: readonly Finding[];
  readonly ran: (rule: string) => boolean;
  readonly baseline: Baseline | undefined;
  readonly changes: Lines | undefined;
}

function sift({ original, source, findings, ran, baseline, changes }: Sifting): Sifted {
  const { fresh, known, gone } = baseline?.compare(source, findings, ran) ?? { fresh: findings, known: 0, gone: 0 };
  const isChanged = changes === undefined || changes === 'all' ? undefined : lineTest(original, source, changes);
  const left = isChanged ? fresh.filter(isChanged) : fresh;
  return { findings: left, leftOut: { known, gone, unchanged: fresh.length - left.length } };
}

/** Whether a finding touches a line that changed. In a repaired text, lines that the repair wrote have changed, too. */
function lineTest(original: Source, source: Source, changes: Exclude<Lines, 'all'>): (finding: Finding) => boolean {
  const starts = lineStarts(source.text);
  const before = countChanged(original, source, changes, starts.length);
  return ({ location }) => {
    if (!('span' in location)) return true;
    const { start, end } = location.span;
    const first = positionAt(starts, start).line;
    const last = positionAt(starts, Math.max(start, end - 1)).line;
    return (before[last] as number) > (before[first - 1] as number);
  };
}

/** For each line of `source`, counted from 1: how many lines have changed up to it. */
function countChanged(original: Source, source: Source, changes: Exclude<Lines, 'all'>, lines: number): Uint32Array {
  const origins = original.text === source.text ? undefined : lineOrigins(original.text, source.text);
  const changed = new Uint8Array(original.text.split('\n').length + 1);
  for (const [first, last] of changes) changed.fill(1, first, last + 1);
  const before = new Uint32Array(lines + 1);
  for (let line = 1; line <= lines; line++) {
    const origin = origins ? origins[line - 1] : line - 1;
    // What is behind the last line end is a line for positions, and none for a difference.
    const isNew = origin === undefined ? line <= (origins?.length ?? lines) : changed[origin + 1] === 1;
    before[line] = (before[line - 1] as number) + Number(isNew);
  }
  return before;
}
