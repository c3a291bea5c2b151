import { openKeyboard } from './keyboard.ts';
import type { Key } from './keys.ts';
import { render } from './render.ts';
import { openScreen } from './screen.ts';
import type { Size, State } from './state.ts';

export interface TerminalListener {
  keys(keys: readonly Key[]): void;
  resized(size: Size): void;
  /** By SIGINT. */
  interrupted(): void;
  /** What was thrown while a key was handled. */
  failed(error: unknown): void;
}

/** A terminal that is ours for a while: keyboard, screen and the signals that a terminal sends. */
export interface HeldTerminal {
  size(): Size;
  hold(listener: TerminalListener): void;
  /** Draws the state soon: of several in a row the last one. */
  show(state: State): void;
  /** Draws it at once, unless that was done a moment ago. */
  showNow(state: State): void;
  redraw(): void;
  /** Stops the process as Ctrl-Z does, with the terminal as it was. */
  suspend(): void;
  /** Gives the terminal back. */
  release(): void;
}

/** Between two drawings while reading keeps the process busy, in ms. */
const EVERY = 100;
/** After so long, in ms, a process that should have stopped has not: it belongs to no shell that could wake it. */
const STOPPED = 100;

/** @throws DlintError E_USAGE when there is no terminal, or no keyboard */
export function holdTerminal(isInputTaken: boolean, color: boolean): HeldTerminal {
  const screen = openScreen();
  let listener: TerminalListener | undefined;
  let state: State | undefined;
  let drawnAt = 0;
  let isWaiting = false;
  let isHeld = false;
  const guarded = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      listener?.failed(error);
    }
  };
  const keyboard = openKeyboard(isInputTaken, (keys) => guarded(() => listener?.keys(keys)));
  const draw = (): void => {
    isWaiting = false;
    drawnAt = Date.now();
    if (state && isHeld) screen.draw(render(state, color));
  };
  const enter = (): void => {
    if (isHeld || !listener) return;
    isHeld = true;
    screen.enter();
    keyboard.listen();
    process.on('SIGTSTP', suspend);
    draw();
  };
  const leave = (): void => {
    if (!isHeld) return;
    isHeld = false;
    process.off('SIGTSTP', suspend);
    keyboard.rest();
    screen.leave();
  };
  function suspend(): void {
    // Windows has no jobs to stop.
    if (process.platform === 'win32') return;
    leave();
    process.kill(0, 'SIGTSTP');
    setTimeout(enter, STOPPED);
  }
  const interrupted = (): void => listener?.interrupted();
  const ended = (signal: NodeJS.Signals): void => {
    release();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    listener = undefined;
    leave();
    keyboard.close();
    process.off('exit', leave);
    process.off('SIGCONT', enter);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', ended);
    process.off('SIGHUP', ended);
  };
  return {
    size: screen.size,
    hold(whom) {
      listener = whom;
      process.on('exit', leave);
      process.on('SIGCONT', enter);
      process.on('SIGINT', interrupted);
      process.on('SIGTERM', ended);
      process.on('SIGHUP', ended);
      screen.onResize(() => guarded(() => listener?.resized(screen.size())));
      enter();
    },
    show(next) {
      state = next;
      if (isWaiting) return;
      isWaiting = true;
      setImmediate(() => guarded(draw));
    },
    showNow(next) {
      state = next;
      if (Date.now() - drawnAt >= EVERY) draw();
    },
    redraw() {
      screen.clear();
      draw();
    },
    suspend,
    release,
  };
}
