import { type ExecFileException, execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { DlintError } from './errors.ts';
import { Scratch } from './layers/scratch.ts';
import type { ExternalFinding, ExternalLinter } from './lint/external.ts';
import { parse } from './lint/parse.ts';
import { type AnalyzeOptions, analyze, type SemanticModel } from './lint/semantic.ts';
import { type ShellScript, shellScripts } from './lint/shell-scripts.ts';
import { pointlessCodes, type Remark, shellCheckFindings } from './lint/shellcheck.ts';
import type { Source } from './report/finding.ts';

export interface ShellCheckOptions {
  /** Report these codes alone. */
  readonly only?: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
  readonly analyze: AnalyzeOptions;
}

/** Scripts for one process: few enough that a bad one is found, and that all processors have work to the end. */
const maxBatch = 200;
const minBatch = 20;

/**
 * ShellCheck beside the rules. It checks a script once, however many files have it: `prepare` does all of them in as
 * few processes as there are processors, and only what repairs have changed since is checked afterwards.
 */
export class ShellCheck implements ExternalLinter {
  readonly #options: ShellCheckOptions;
  readonly #remarks = new Map<string, readonly Remark[]>();

  constructor(options: ShellCheckOptions) {
    this.#options = options;
  }

  /** @throws DlintError E_PROGRAM */
  async prepare(sources: Iterable<Source>): Promise<void> {
    const texts = new Set<string>();
    for (const source of sources) {
      for (const { text } of shellScripts(analyze(parse(source), this.#options.analyze))) texts.add(text);
    }
    if (texts.size === 0) return checkPresence();
    const batches = divide([...texts]);
    const results = await inParallel(batches, runBatch);
    for (const [i, batch] of batches.entries()) this.#keep(batch, results[i] ?? []);
  }

  reports(code: string): boolean {
    const { only, ignored } = this.#options;
    const known = /^SC(\d{4})$/i.exec(code);
    if (!known || pointlessCodes.includes(Number(known[1]))) return false;
    return !ignored.has(code.toUpperCase()) && (only?.has(code.toUpperCase()) ?? true);
  }

  *check(model: SemanticModel): Generator<ExternalFinding> {
    const scripts = shellScripts(model);
    this.#catchUp(scripts);
    for (const script of scripts) {
      for (const finding of shellCheckFindings(script, this.#remarks.get(script.text) ?? [])) {
        if (this.reports(finding.code)) yield finding;
      }
    }
  }

  /** Checks what repairs have made of scripts. */
  #catchUp(scripts: readonly ShellScript[]): void {
    const texts = new Set(scripts.map(({ text }) => text).filter((text) => !this.#remarks.has(text)));
    if (texts.size === 0) return;
    const batch = [...texts];
    const scratch = new Scratch();
    try {
      const { folder, names } = writeScripts(batch, scratch);
      const { error, stdout, stderr } = spawnSync('shellcheck', [...flags, ...names], processOptions(folder));
      this.#keep(batch, readOutput(error, stdout, stderr, names));
    } finally {
      scratch.dispose();
    }
  }

  #keep(batch: readonly string[], remarks: readonly (readonly Remark[])[]): void {
    for (const [i, text] of batch.entries()) this.#remarks.set(text, remarks[i] ?? []);
  }
}

/** `--norc`, and no SHELLCHECK_OPTS below: what is found shall not depend on the machine. */
const flags = ['--norc', '--format=json1', `--exclude=${pointlessCodes.join(',')}`];

function processOptions(cwd: string) {
  const { SHELLCHECK_OPTS: _, ...env } = process.env;
  const maxBuffer = Number.POSITIVE_INFINITY;
  return { cwd, env: { ...env, LC_ALL: 'C.UTF-8' }, encoding: 'utf8', maxBuffer, windowsHide: true } as const;
}

function divide(texts: readonly string[]): readonly (readonly string[])[] {
  const size = Math.min(maxBatch, Math.max(minBatch, Math.ceil(texts.length / availableParallelism())));
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, i) => texts.slice(i * size, (i + 1) * size));
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** The remarks on every script of a batch, in its order. */
async function runBatch(batch: readonly string[]): Promise<readonly (readonly Remark[])[]> {
  const scratch = new Scratch();
  try {
    const { folder, names } = writeScripts(batch, scratch);
    return await new Promise((resolve, reject) => {
      execFile('shellcheck', [...flags, ...names], processOptions(folder), (error, stdout, stderr) => {
        try {
          resolve(readOutput(error, stdout, stderr, names));
        } catch (failure) {
          reject(failure);
        }
      });
    });
  } finally {
    scratch.dispose();
  }
}

/** Short names in a private folder: no path of ours counts against the length of a command line. */
function writeScripts(batch: readonly string[], scratch: Scratch): { folder: string; names: readonly string[] } {
  const paths = batch.map((text) => {
    const path = scratch.file('sh');
    writeFileSync(path, text);
    return path;
  });
  return { folder: dirname(paths[0] ?? ''), names: paths.map((path) => basename(path)) };
}

/** ShellCheck ends with 1 when it has found something; then all is well, too. */
function readOutput(
  error: (ExecFileException | Error) | null | undefined,
  stdout: string,
  stderr: string,
  names: readonly string[],
): readonly (readonly Remark[])[] {
  if (error && 'code' in error && error.code === 'ENOENT') throw notInstalled(error);
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

function checkPresence(): void {
  const { error } = spawnSync('shellcheck', ['--version'], { stdio: 'ignore' });
  if (error) throw notInstalled(error);
}

function notInstalled(cause: unknown): DlintError {
  return new DlintError('E_PROGRAM', 'shellcheck is not installed', {
    where: '--shellcheck',
    hint: 'apt-get install shellcheck · apk add shellcheck · dnf install ShellCheck · brew install shellcheck',
    cause,
  });
}
