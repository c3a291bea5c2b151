import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mentions } from '../../src/lint/mentions.ts';

test('finds words inside other words, across lines and at both ends', () => {
  const said = new Mentions('from x\nrun apt-get install pipenv');
  expect(['from', 'pip', 'apt', 'env', 'x\nrun', 't', ''].map((word) => said.has(word))).toEqual(Array(7).fill(true));
  expect(['npm', 'ptа', 'fromx', 'pipenvs', '|'].map((word) => said.has(word))).toEqual(Array(5).fill(false));
});

test('says what `includes` says, for pairs that share a slot as well', () => {
  const unit = fc.constantFrom('a', 'b', '!', '"', '\u00e1', '\u0161', '\n');
  const text = fc.array(unit, { maxLength: 30 }).map((units) => units.join(''));
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 5 }), (said, words) => {
      const mentions = new Mentions(said);
      for (const word of words) expect(mentions.has(word)).toBe(said.includes(word));
    }),
  );
});
