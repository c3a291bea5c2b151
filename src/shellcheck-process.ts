import { type ExecFileException, execFile, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DlintError } from './errors.ts';
import { Scratch } from './layers/scratch.ts';
import { pointlessCodes, type Remark } from './lint/shellcheck.ts';
import { counted } from './report/units.ts';

/** Scripts for one process. */
export interface Batch {
  readonly texts: readonly string[];
  /** Milliseconds that it may take. */
  readonly time: number;
  /** Where the first of the scripts stands, as errors say it. */
  readonly place: string;
}

/** What ShellCheck says of each script of a batch, in its order. */
export type Remarks = readonly (readonly Remark[])[];

/** `--norc`, and no SHELLCHECK_OPTS below: what is found shall not depend on the machine. */
const flags = ['--norc', '--format=json1', `--exclude=${pointlessCodes.join(',')}`];

/** @throws DlintError E_PROGRAM */
export async function runShellCheck(batch: Batch): Promise<Remarks> {
  const scratch = new Scratch();
  try {
    const { folder, names } = writeScripts(batch, scratch);
    return await new Promise((resolve, reject) => {
      execFile('shellcheck', [...flags, ...names], processOptions(folder, batch), (error, stdout, stderr) => {
        try {
          resolve(readOutput({ error, stdout, stderr }, names, batch));
        } catch (failure) {
          reject(failure);
        }
      });
    });
  } finally {
    scratch.dispose();
  }
}

/** @throws DlintError E_PROGRAM */
export function runShellCheckSync(batch: Batch): Remarks {
  const scratch = new Scratch();
  try {
    const { folder, names } = writeScripts(batch, scratch);
    return readOutput(spawnSync('shellcheck', [...flags, ...names], processOptions(folder, batch)), names, batch);
  } finally {
    scratch.dispose();
  }
}

/** @throws DlintError E_PROGRAM when it is not installed */
export function checkPresence(): void {
  const { error } = spawnSync('shellcheck', ['--version'], { stdio: 'ignore' });
  if (error) throw notInstalled(error);
}

function processOptions(cwd: string, { time }: Batch) {
  const { SHELLCHECK_OPTS: _, ...env } = process.env;
  const limits = { maxBuffer: Number.POSITIVE_INFINITY, timeout: time, killSignal: 'SIGKILL' } as const;
  return { cwd, env: { ...env, LC_ALL: 'C.UTF-8' }, encoding: 'utf8', windowsHide: true, ...limits } as const;
}

/** Short names in a private folder: no path of ours counts against the length of a command line. */
function writeScripts({ texts }: Batch, scratch: Scratch): { folder: string; names: readonly string[] } {
  const paths = texts.map((text) => {
    const path = scratch.file('sh');
    writeFileSync(path, text);
    return path;
  });
  return { folder: dirname(paths[0] ?? ''), names: paths.map((path) => basename(path)) };
}

interface Output extends Pick<SpawnSyncReturns<string>, 'stdout' | 'stderr'> {
  readonly error?: ExecFileException | Error | null | undefined;
}

/** ShellCheck ends with 1 when it has found something; then all is well, too. */
function readOutput({ error, stdout, stderr }: Output, names: readonly string[], batch: Batch): Remarks {
  const code = error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') throw notInstalled(error);
  // execFile tells of it by `killed`, spawnSync by its code.
  if (error && (code === 'ETIMEDOUT' || ('killed' in error && error.killed))) throw tooSlow(batch, error);
  let comments: readonly (Remark & { file: string })[];
  try {
    comments = (JSON.parse(stdout) as { comments: typeof comments }).comments;
    if (!Array.isArray(comments)) throw new TypeError('no comments');
  } catch (cause) {
    const where = (stderr.trim() || error?.message || 'its output is no JSON').split('\n', 1)[0] ?? '';
    const hint = 'dlint needs ShellCheck 0.7.0 or later: shellcheck --version';
    throw new DlintError('E_PROGRAM', 'shellcheck has failed', { where, hint, cause });
  }
  const byFile = new Map<string, Remark[]>(names.map((name) => [name, []]));
  for (const comment of comments) byFile.get(comment.file)?.push(comment);
  return names.map((name) => byFile.get(name) ?? []);
}

function notInstalled(cause: unknown): DlintError {
  return new DlintError('E_PROGRAM', 'shellcheck is not installed', {
    where: '--shellcheck',
    hint: 'apt-get install shellcheck · apk add shellcheck · dnf install ShellCheck · brew install shellcheck',
    cause,
  });
}

function tooSlow({ texts, time, place }: Batch, cause: unknown): DlintError {
  const others = texts.length - 1;
  return new DlintError('E_PROGRAM', `shellcheck was stopped: it did not end within ${Math.ceil(time / 1000)} s`, {
    where: others === 0 ? place : `${place} and ${counted(others, 'other script')}`,
    hint: 'lint fewer files at once to see which script it is, or do without --shellcheck',
    cause,
  });
}
