import { writeSync } from 'node:fs';
import { DlintError } from '../errors.ts';
import type { Size } from './state.ts';

// xterm's private modes, which all terminals of today know: alternate screen, cursor, line wrap.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[0m\x1b[?1049l';

export interface Screen {
  size(): Size;
  /** Takes the terminal over, or takes it over again. */
  enter(): void;
  /** Writes the lines that are not there yet. */
  draw(lines: readonly string[]): void;
  /** Forgets what is there, so that all lines are written anew. */
  clear(): void;
  /** Gives the terminal back as it was. Does nothing the second time; never throws. */
  leave(): void;
  onResize(listener: () => void): void;
}

/**
 * The terminal that standard output is.
 * @throws DlintError E_USAGE when it is none, or one that cannot move its cursor
 */
export function openScreen(): Screen {
  checkTerminal();
  const { stdout } = process;
  let isEntered = false;
  let shown: readonly string[] = [];
  return {
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    enter() {
      isEntered = true;
      shown = [];
      stdout.write(ENTER);
    },
    draw(lines) {
      if (!isEntered) return;
      const changed = lines.map((line, i) => (line === shown[i] ? '' : `\x1b[${i + 1};1H${line}\x1b[K`)).join('');
      shown = lines;
      if (changed !== '') stdout.write(changed);
    },
    clear() {
      shown = [];
      if (isEntered) stdout.write('\x1b[2J');
    },
    leave() {
      if (!isEntered) return;
      isEntered = false;
      writeAll(LEAVE);
    },
    onResize(listener) {
      stdout.on('resize', () => {
        this.clear();
        listener();
      });
    },
  };
}

/** At once, for the process may be about to end. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0, tries = 0; at < bytes.length && tries < 500; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // Anything but a terminal that has no room at the moment is one that has gone.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      tries++;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function checkTerminal(): void {
  const { TERM } = process.env;
  if (process.stdout.isTTY && TERM !== 'dumb') return;
  const why = process.stdout.isTTY ? `TERM is ${TERM}` : 'standard output is none';
  throw new DlintError('E_USAGE', `--interactive needs a terminal, and ${why}`, {
    where: '--interactive',
    hint: 'leave --interactive out for a report; -f tree has the files, --layer N the changes of a layer',
  });
}
