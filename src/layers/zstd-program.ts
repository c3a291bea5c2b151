import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DlintError } from '../errors.ts';

/** The `zstd` program on the PATH, where there is one. */
export function findZstd(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = process.platform === 'win32' ? 'zstd.exe' : 'zstd';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * `zstd -dc` as a decoder: what is written goes to its standard input, its output to `onOutput` as it comes. Windows
 * are bounded by the caller, output by `onOutput`, which may throw.
 */
export class ZstdProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #where: string;
  readonly #closed: Promise<unknown>;
  #failure: Error | undefined;
  #complaint = '';

  static async start(program: string, onOutput: (chunk: Buffer) => void, where: string): Promise<ZstdProgram> {
    const { spawn } = await import('node:child_process');
    return new ZstdProgram(spawn(program, ['-d', '-c', '-q'], { stdio: 'pipe' }), onOutput, where);
  }

  private constructor(child: ChildProcessWithoutNullStreams, onOutput: (chunk: Buffer) => void, where: string) {
    this.#where = where;
    this.#child = child;
    // The pipes close in any case, also when it cannot be started.
    this.#closed = once(this.#child, 'close').catch(() => undefined);
    this.#child.on('error', (error) => this.#fail(this.#error(`the program zstd cannot be run: ${error.message}`)));
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(0, 300);
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      if (this.#failure) return;
      try {
        onOutput(chunk);
      } catch (error) {
        this.#fail(error as Error);
      }
    });
  }

  /** Takes its own copy. Resolves when there is room for more. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#failure) throw this.#failure;
    const { stdin } = this.#child;
    if (!stdin.write(Buffer.from(bytes)) && !stdin.destroyed) {
      const room = once(stdin, 'drain').catch(() => undefined);
      await Promise.race([room, this.#closed]);
    }
    if (this.#failure) throw this.#failure;
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
    if (this.#failure) throw this.#failure;
    if (this.#child.exitCode !== 0) {
      const detail =
        this.#complaint
          .split('\n')[0]
          ?.replace(/^.*?:\s*/, '')
          .trim() ?? '';
      throw this.#error(`broken zstd data: ${detail}`);
    }
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.close();
  }

  #error(message: string): DlintError {
    return new DlintError('E_CORRUPT', message, { where: this.#where });
  }
}
