import { closeSync, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { DlintError } from '../errors.ts';
import { decodeKeys, type Key } from './keys.ts';

/** So long the rest of a sequence may take, in ms: over a slow line it comes in pieces; Escape alone has none. */
const PATIENCE = 60;

/** The keyboard by its name, whatever standard input is: tty(4), and the console of Windows. */
const TTY = process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty';

export interface Keyboard {
  /** Keys come one by one from now on. */
  listen(): void;
  /** The terminal echoes and edits lines again. */
  rest(): void;
  close(): void;
}

/**
 * The keyboard: standard input, unless an image comes through that or it is no terminal, then /dev/tty.
 * @throws DlintError E_USAGE when there is none
 */
export function openKeyboard(isInputTaken: boolean, onKeys: (keys: readonly Key[]) => void): Keyboard {
  const isOwn = isInputTaken || !process.stdin.isTTY;
  const stream = isOwn ? openTty() : process.stdin;
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const take = (text: string, isWhole: boolean): void => {
    clearTimeout(timer);
    const decoded = decodeKeys(rest + text, isWhole);
    rest = decoded.rest;
    if (rest !== '') timer = setTimeout(() => take('', true), PATIENCE);
    if (decoded.keys.length > 0) onKeys(decoded.keys);
  };
  let isListening = false;
  stream.setEncoding('utf8');
  // Never paused in between: what Node reads after that may be one key and no more.
  stream.on('data', (text: string) => {
    if (isListening) take(text, false);
  });
  return {
    listen() {
      isListening = true;
      stream.setRawMode(true);
    },
    rest() {
      isListening = false;
      clearTimeout(timer);
      if (!stream.destroyed) stream.setRawMode(false);
    },
    close() {
      if (isOwn) stream.destroy();
      else stream.pause();
    },
  };
}

function openTty(): ReadStream {
  try {
    const fd = openSync(TTY, 'r');
    try {
      return new ReadStream(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } catch (error) {
    throw new DlintError('E_USAGE', 'there is no keyboard to look around with', {
      where: `--interactive: ${TTY}: ${(error as Error).message}`,
      hint: 'leave --interactive out',
      cause: error,
    });
  }
}
