import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { DlintError } from './errors.ts';
import type { FlagValues } from './flags.ts';
import type { RuleFailure } from './lint/lint.ts';
import type { Repair } from './lint-one-file.ts';
import type { LintedFile } from './report/lint-report.ts';
import { Workload } from './tiering.ts';

/** What became of one path. */
export type Linted = Done | { readonly path: string; readonly error: DlintError };

interface Done {
  readonly file: LintedFile;
  readonly repair?: Repair;
  /** The file asks to fail on any finding. */
  readonly isStrict: boolean;
  readonly failures: readonly RuleFailure[];
}

/** What settings are chosen by. Plain data: it goes to other threads. */
export interface SharedSettings {
  readonly flags: FlagValues<'lint'>;
  /** The paths of the command line. */
  readonly args: readonly string[];
}

/** What a helping thread is started with. */
export interface Share extends SharedSettings {
  readonly paths: readonly string[];
  readonly stdinName: string;
  readonly context?: string;
  /** One number: how many of the paths are taken. Shared by all threads. */
  readonly taken: Int32Array;
}

/** What a helping thread has done, by the index of the paths. */
export type ShareReply = readonly (readonly [number, Done])[];

export interface LintAllOptions {
  readonly shared: SharedSettings | undefined;
  readonly stdinName: string;
  readonly context?: string;
  onProgress?(done: number, total: number): void;
}

/** With fewer files, a thread is longer in starting than of use. */
const filesForThread = 500;
const mostThreads = 3;
/** Paths that a thread takes at once. */
const atOnce = 16;

/** Lints all paths, in threads where there are many, and gives the results in their order. */
export async function lintAll(
  paths: readonly string[],
  lintOne: (path: string, workload: Workload) => Linted,
  options: LintAllOptions,
): Promise<readonly Linted[]> {
  const results: Linted[] = [];
  const workload = new Workload();
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const helpers = await startHelpers(paths, taken, options);
  for (const indices of takeFrom(taken, paths.length)) {
    options.onProgress?.(indices[0] ?? 0, paths.length);
    for (const index of indices) results[index] = lintOne(paths[index] as string, workload);
  }
  for (const [index, done] of (await Promise.all(helpers)).flat()) results[index] = done;
  // What threads have left: whatever went wrong there is found again here, and told of.
  for (const [index, path] of paths.entries()) results[index] ??= lintOne(path, workload);
  return results;
}

/** Indices that no other thread has taken, some at a time. */
export function* takeFrom(taken: Int32Array, count: number): Iterable<readonly number[]> {
  for (;;) {
    const start = Atomics.add(taken, 0, atOnce);
    if (start >= count) return;
    yield Array.from({ length: Math.min(atOnce, count - start) }, (_, i) => start + i);
  }
}

async function startHelpers(
  paths: readonly string[],
  taken: Int32Array,
  { shared, stdinName, context }: LintAllOptions,
): Promise<Promise<ShareReply>[]> {
  const file = shared && paths.length >= filesForThread ? workerFile() : undefined;
  if (!shared || file === undefined) return [];
  const [{ availableParallelism }, { Worker: Thread }] = await Promise.all([
    import('node:os'),
    import('node:worker_threads'),
  ]);
  const count = Math.min(Math.floor(paths.length / filesForThread), availableParallelism() - 1, mostThreads);
  const share: Share = { ...shared, paths, stdinName, taken, ...(context !== undefined && { context }) };
  // Most of what a thread makes is garbage soon; the default would let it have 48 MB of that.
  const resourceLimits = { maxYoungGenerationSizeMb: 12 };
  return Array.from({ length: count }, () => gather(new Thread(file, { workerData: share, resourceLimits })));
}

/** What a thread has done by its end, whatever ends it. */
function gather(worker: Worker): Promise<ShareReply> {
  const results: ShareReply[number][] = [];
  worker.on('message', (reply: ShareReply) => results.push(...reply));
  return new Promise((resolve) => {
    worker.on('error', () => resolve(results));
    worker.on('exit', () => resolve(results));
  });
}

/** Undefined where the sources run as TypeScript: Node 20 cannot start a thread from those. */
function workerFile(): string | undefined {
  if (!import.meta.dirname || import.meta.filename.endsWith('.ts')) return undefined;
  const file = join(import.meta.dirname, 'lint-worker.cjs');
  return existsSync(file) ? file : undefined;
}
