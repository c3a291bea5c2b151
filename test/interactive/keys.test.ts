import { expect, test } from 'vitest';
import { decodeKeys } from '../../src/interactive/keys.ts';

test.each([
  ['ab Ä漢😀', ['a', 'b', ' ', 'Ä', '漢', '😀']],
  ['\r\n\t\x7f\b', ['enter', 'enter', 'tab', 'backspace', 'backspace']],
  ['\x03\x1a\x0c\x00', ['ctrl-c', 'ctrl-z', 'ctrl-l', 'ctrl-space']],
  ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
  ['\x1bOA\x1bOB\x1bOH\x1bOF', ['up', 'down', 'home', 'end']],
  [
    '\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1b[H\x1b[F',
    ['pageup', 'pagedown', 'home', 'end', 'home', 'end', 'home', 'end'],
  ],
  ['\x1b[Z', ['shift-tab']],
  ['\x1b[1;5A\x1b[5;2~', ['up', 'pageup']],
  ['\x1b[<0;10;10Mq', ['enter', 'q']],
  ['\x1b[2~\x1b[200~x\x9b', ['x']],
  ['\x1bq', ['escape', 'q']],
  ['\x1b\x1b[A', ['escape', 'up']],
])('%j', (input, keys) => {
  expect(decodeKeys(input)).toEqual({ keys, rest: '' });
});

test('a sequence may come in pieces', () => {
  expect(decodeKeys('x\x1b')).toEqual({ keys: ['x'], rest: '\x1b' });
  expect(decodeKeys('\x1b[')).toEqual({ keys: [], rest: '\x1b[' });
  expect(decodeKeys('\x1b[1;')).toEqual({ keys: [], rest: '\x1b[1;' });
  expect(decodeKeys('\x1bO')).toEqual({ keys: [], rest: '\x1bO' });
});

test('what nothing follows was Escape', () => {
  expect(decodeKeys('\x1b', true)).toEqual({ keys: ['escape'], rest: '' });
  expect(decodeKeys('\x1b[', true)).toEqual({ keys: ['escape', '['], rest: '' });
});

test('a flood that is no key ends', () => {
  expect(decodeKeys(`\x1b[${'1;'.repeat(100_000)}`, true).keys.length).toBeGreaterThan(0);
});
