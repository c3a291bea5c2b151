import { spawnSync } from 'node:child_process';
import { bin } from './cli.ts';

/** Whether there is a terminal multiplexer to drive the program in. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell line; `dlint` in it is the built program. Default: all arguments given to `dlint`. */
  readonly line?: string;
}

/** A terminal of its own with a program in it, as a person at it would have. */
export class TestTerminal {
  readonly #socket = `dlint-test-${process.pid}-${Math.random().toString(36).slice(2)}`;

  constructor(args: readonly string[], { columns, rows, env = {}, line }: TerminalOptions) {
    const settings = { DLINT_CACHE: 'off', PS1: '$ ', ...env };
    const assignments = Object.entries(settings).map(([name, value]) => `${name}=${quote(value)}`);
    const program = `dlint() { ${quote(process.execPath)} ${quote(bin)} "$@"; }`;
    const run = line ?? `dlint ${args.map(quote).join(' ')}`;
    // An interactive shell, so that Ctrl-Z stops the program and fg goes on with it.
    const script = `unset CI NO_COLOR FORCE_COLOR COLUMNS; export ${assignments.join(' ')}; ${program}; set -m; ${run}; echo "ended with $?"`;
    this.#tmux([
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      String(columns),
      '-y',
      String(rows),
      'bash --norc --noprofile -i',
    ]);
    this.#tmux(['send-keys', '-l', `clear; ${script}`]);
    this.#tmux(['send-keys', 'Enter']);
  }

  /** Keys as tmux names them: `Down`, `PPage`, `C-c`; others stand for themselves. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.#tmux(['send-keys', key]);
  }

  type(text: string): void {
    this.#tmux(['send-keys', '-l', text]);
  }

  resize(columns: number, rows: number): void {
    this.#tmux(['resize-window', '-x', String(columns), '-y', String(rows)]);
  }

  screen(isStyled = false): string {
    return this.#tmux(['capture-pane', '-p', ...(isStyled ? ['-e'] : [])]);
  }

  /** tmux's own account of the terminal, e.g. `#{alternate_on}`. */
  ask(format: string): string {
    return this.#tmux(['display-message', '-p', format]).trim();
  }

  /** The screen, as soon as it shows this. */
  async until(expected: string | RegExp, patience = 60_000): Promise<string> {
    const end = Date.now() + patience;
    for (;;) {
      const shown = this.screen();
      if (typeof expected === 'string' ? shown.includes(expected) : expected.test(shown)) return shown;
      if (Date.now() > end) throw new Error(`${expected} is not on the screen:\n${shown}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server']);
  }

  #tmux(args: readonly string[]): string {
    const { stdout, stderr, status } = spawnSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
