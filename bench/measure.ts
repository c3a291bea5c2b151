import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One thing to run. Several cases of a group are compared with the group's first, its limit. */
export interface Case {
  readonly name: string;
  /** A program and its arguments, or a command line for `sh -c`. */
  readonly command: readonly string[] | string;
  /** Exit codes that count as having worked; 0 unless stated. */
  readonly exits?: readonly number[];
  /** Highest allowed ratio to the limit, where the project promises one. */
  readonly bar?: number;
  /** Run once before it is measured: it is about what an earlier run leaves behind. */
  readonly again?: boolean;
}

export interface Group {
  readonly title: string;
  readonly note?: string;
  /** The first case is the limit. */
  readonly cases: readonly Case[];
  /** Programs that were looked for and are not there. */
  readonly notCompared: readonly string[];
  readonly rounds: number;
  /** What one run works through, to state a rate. */
  readonly work?: { readonly files?: number; readonly entries?: number; readonly bytes?: number };
}

export interface Timing {
  readonly name: string;
  readonly runs: number;
  readonly wallMs: number;
  readonly minWallMs: number;
  /** User and system time; null where GNU time is not installed. */
  readonly cpuMs: number | null;
  /** Largest resident set of one process; null where GNU time is not installed. */
  readonly peakMiB: number | null;
  readonly bar: number | null;
  /** Why there is no figure. */
  readonly failed: string | null;
}

/** A case is not started again once its runs have taken this long. */
const BUDGET_MS = 60_000;
const TIME = '/usr/bin/time';

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number | null;
  readonly peakMiB: number | null;
  readonly failed: string | null;
}

/** Runs the cases of a group in turn, round after round, so that a busy moment does not hit one of them alone. */
export function measure({ cases, rounds }: Group): Timing[] {
  const scratch = mkdtempSync(join(tmpdir(), 'dlint-bench-'));
  const runs = new Map<Case, Run[]>(cases.map((each) => [each, []]));
  for (const each of cases) if (each.again) run(each, join(scratch, 'time'));
  for (let round = 0; round < rounds; round++) {
    for (const [each, done] of runs) {
      const spent = done.reduce((sum, { wallMs }) => sum + wallMs, 0);
      if (spent > BUDGET_MS || done.some(({ failed }) => failed !== null)) continue;
      process.stderr.write(`\r\x1b[K${round + 1}/${rounds} ${each.name}`);
      done.push(run(each, join(scratch, 'time')));
    }
  }
  process.stderr.write('\r\x1b[K');
  rmSync(scratch, { recursive: true });
  return [...runs].map(([each, done]) => summary(each, done));
}

function run({ command, exits = [0] }: Case, report: string): Run {
  const [program = '', ...words] = typeof command === 'string' ? ['sh', '-c', command] : command;
  // GNU time starts the program with a small process around it, so the peak is the program's own.
  const timed = existsSync(TIME)
    ? [TIME, '-q', '-o', report, '-f', '%U %S %M', program, ...words]
    : [program, ...words];
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(timed[0] ?? '', timed.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment(),
    maxBuffer: 2 ** 28,
  });
  const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
  const failed =
    status !== null && exits.includes(status) ? null : (error?.message ?? `exit ${status}: ${lastLine(stderr)}`);
  if (!existsSync(report)) return { wallMs, cpuMs: null, peakMiB: null, failed };
  const [user = 0, system = 0, kibibytes = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  return { wallMs, cpuMs: (user + system) * 1000, peakMiB: kibibytes / 1024, failed };
}

/** NODE_EXTRA_CA_CERTS makes Node 20 parse certificates on every start (nodejs/node#40524), which would be measured instead of us. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1', DLINT_CACHE: join(tmpdir(), 'dlint-bench-cache') };
}

function lastLine(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString().trim().split('\n').at(-1) ?? '';
}

function summary({ name, bar }: Case, runs: readonly Run[]): Timing {
  const wall = runs.map(({ wallMs }) => wallMs);
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
  const cpu = known(runs.map(({ cpuMs }) => cpuMs));
  const peak = known(runs.map(({ peakMiB }) => peakMiB));
  return {
    name,
    runs: runs.length,
    wallMs: median(wall),
    minWallMs: Math.min(...wall),
    cpuMs: cpu.length > 0 ? median(cpu) : null,
    peakMiB: peak.length > 0 ? Math.max(...peak) : null,
    bar: bar ?? null,
    failed: runs.find(({ failed }) => failed !== null)?.failed ?? null,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
