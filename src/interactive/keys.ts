/**
 * A key by name: a printable character stands for itself (space included), others are `up`, `pagedown`, `tab`,
 * `escape`, `ctrl-c`, …
 */
export type Key = string;

export interface Decoded {
  readonly keys: readonly Key[];
  /** The beginning of a sequence whose rest has not come yet. */
  readonly rest: string;
}

const ESCAPE = '\x1b';

// ECMA-48 CSI and SS3, as xterm, the Linux console, screen and tmux send them.
const FINALS: Readonly<Record<string, Key>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
  M: 'enter',
};
const NUMBERED: Readonly<Record<string, Key>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};
const CONTROLS: Readonly<Record<string, Key>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
};

/** What was typed. A sequence that no key is known for is passed over; `isWhole` says that nothing more will follow. */
export function decodeKeys(input: string, isWhole = false): Decoded {
  const keys: Key[] = [];
  let at = 0;
  while (at < input.length) {
    if (input[at] !== ESCAPE) {
      const character = String.fromCodePoint(input.codePointAt(at) as number);
      keys.push(...plainKey(character));
      at += character.length;
      continue;
    }
    const sequence = /^\x1b(?:\[[0-9;?<=>]*[ -/]*|O)/.exec(input.slice(at, at + 64))?.[0];
    const final = sequence === undefined ? undefined : input[at + sequence.length];
    const isCut = final === undefined && (sequence !== undefined || at + 1 === input.length);
    if (isCut && !isWhole) return { keys, rest: input.slice(at) };
    if (sequence === undefined || final === undefined) {
      keys.push('escape');
      at++;
      continue;
    }
    const key = sequenceKey(sequence, final);
    if (key !== undefined) keys.push(key);
    at += sequence.length + 1;
  }
  return { keys, rest: '' };
}

function plainKey(character: string): Key[] {
  const known = CONTROLS[character];
  if (known !== undefined) return [known];
  const code = character.codePointAt(0) as number;
  if (code < 0x20) return [code === 0 ? 'ctrl-space' : `ctrl-${String.fromCharCode(code + 0x60)}`];
  return code < 0xa0 && code > 0x7e ? [] : [character];
}

/** Modifiers (`\x1b[1;5A`) are left out: an arrow is an arrow. */
function sequenceKey(sequence: string, final: string): Key | undefined {
  if (final === '~') return NUMBERED[sequence.slice(2).split(';')[0] as string];
  return FINALS[final];
}
