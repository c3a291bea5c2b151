import { expect, it } from 'vitest';
import { type MoveCandidates, movesOf } from '../../src/layers/moves.ts';
import { stack } from '../../src/layers/stack.ts';
import { file, hardlink, record, whiteout } from '../support/entries.ts';

function movesIn(...layers: ReturnType<typeof record>[]): [number, string, string][] {
  const candidates: MoveCandidates[] = stack(layers).moveCandidates();
  const moves = movesOf(candidates, ({ layer, index }) => layers[layer - 1]?.entries.digest(index));
  return [...moves].flatMap(([layer, paths]) =>
    [...paths].map(([to, from]): [number, string, string] => [layer, from, to]),
  );
}

it('a file that one layer removes and adds elsewhere was moved', () => {
  const low = record(file('a/x', 'one'), file('a/y', 'one'), file('b', 'two'), file('kept', 'six'), file('empty', ''));
  const high = record(whiteout('a'), file('c/y', 'one'), file('c/x', 'one'), whiteout('b'), file('new', 'ten'));
  expect(movesIn(low, high)).toEqual([
    [2, 'a/y', 'c/y'],
    [2, 'a/x', 'c/x'],
  ]);
});

it('one origin has one target; copies, empty files and what another layer removed are no moves', () => {
  const low = record(file('a', 'one'), file('e', ''));
  expect(movesIn(low, record(whiteout('a'), file('b', 'one'), file('c', 'one')))).toEqual([[2, 'a', 'b']]);
  expect(movesIn(low, record(file('b', 'one')))).toEqual([]);
  expect(movesIn(low, record(whiteout('e'), file('f', '')))).toEqual([]);
  expect(movesIn(low, record(whiteout('a')), record(file('b', 'one')))).toEqual([]);
});

it('a hard link that is removed while another path keeps the body is no loss of it, and is told of all the same', () => {
  const low = record(file('a', 'one'), hardlink('a2', 'a'));
  expect(movesIn(low, record(whiteout('a2'), file('b', 'one')))).toEqual([[2, 'a2', 'b']]);
});
