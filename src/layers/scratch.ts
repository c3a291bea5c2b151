import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DlintError } from '../errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A folder for what has to lie on disk for a while: archives that came compressed or through a pipe, scripts that
 * another program shall read. Made when it is first needed; gone on `dispose`, at the end of the process, or when a signal ends it.
 */
export class Scratch {
  #folder: string | undefined;
  #files = 0;
  readonly #onExit = (): void => this.dispose();
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.dispose();
    // Nobody else means to handle the signal: let it do what it does.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  /**
   * A name for a new file.
   * @throws DlintError E_WRITE
   */
  file(extension = 'tar'): string {
    if (this.#folder === undefined) {
      this.#folder = makeFolder();
      process.once('exit', this.#onExit);
      for (const signal of SIGNALS) process.once(signal, this.#onSignal);
    }
    return join(this.#folder, `${++this.#files}.${extension}`);
  }

  dispose(): void {
    if (this.#folder === undefined) return;
    rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
    process.off('exit', this.#onExit);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'dlint-'));
  } catch (error) {
    throw new DlintError('E_WRITE', 'no folder for temporary files can be made', {
      where: (error as Error).message,
      hint: 'set TMPDIR to a folder that may be written to',
      cause: error,
    });
  }
}
