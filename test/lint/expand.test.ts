// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Dockerfile substitutions
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandWord, expandWords, unquote } from '../../src/lint/expand.ts';

const env = new Map([
  ['FILE', 'archive.tar.gz'],
  ['PATHS', '/usr/local/bin'],
  ['EMPTY', ''],
  ['TWO', 'a b'],
]);
const text = (raw: string) => expandWord(raw, env).text;
const kind = (raw: string) => expandWord(raw, env).error?.kind;

describe('expandWord', () => {
  it.each([
    ['${FILE%.*}', 'archive.tar'],
    ['${FILE%%.*}', 'archive'],
    ['${FILE#*.}', 'tar.gz'],
    ['${FILE##*.}', 'gz'],
    ['${FILE%.zip}', 'archive.tar.gz'],
    ['${FILE/a/A}', 'Archive.tar.gz'],
    ['${FILE//a/A}', 'Archive.tAr.gz'],
    ['${FILE//[.]/_}', 'archive.tar.gz'],
    ['${FILE/.*./-}', 'archive-gz'],
    ['${FILE/?/x}', 'xrchive.tar.gz'],
    ['${PATHS//\\//.}', '.usr.local.bin'],
    ['${EMPTY//x/y}', ''],
    ['${EMPTY:-${FILE%%.*}}', 'archive'],
    ['${MISSING:-"a b"}', 'a b'],
    ["${MISSING:-'$FILE'}", '$FILE'],
    ['${EMPTY-x}${EMPTY:+x}${EMPTY+y}', 'y'],
    ['$FILE$', 'archive.tar.gz$'],
    ['a"$TWO"\'$TWO\'', 'aa b$TWO'],
  ])('%s', (raw, expected) => expect(text(raw)).toBe(expected));

  it('takes ? for one character beyond the basic plane', () => {
    expect(expandWord('${X#?}', new Map([['X', '𝒳y']])).text).toBe('y');
    expect(expandWord('${X%?}', new Map([['X', 'y𝒳']])).text).toBe('y');
  });

  it('puts a replacement between all characters where the pattern is empty', () => {
    const found = expandWord('${X//$NONE/-}', new Map([['X', 'ab'], ['NONE', '']])); // biome-ignore format: one line
    expect(found.text).toBe('-a-b-');
  });

  it('knows the backtick as escape', () => {
    expect(expandWord('`$FILE', env, { escape: '`' }).text).toBe('$FILE');
    expect(expandWord('c:\\$FILE', env, { escape: '`' }).text).toBe('c:\\archive.tar.gz');
  });

  it.each([
    ['"a', 'unterminated-quote'],
    ["it's", 'unterminated-quote'],
    ['${a', 'bad-substitution'],
    ['${a:-"b}', 'unterminated-quote'],
    ['${a^^}', 'bad-substitution'],
    ['${FILE#\\a}', 'bad-substitution'],
    ['${MISSING:?say why}', 'required-variable'],
    ['${EMPTY:?}', 'required-variable'],
  ])('%s is refused: %s', (raw, expected) => expect(kind(raw)).toBe(expected));

  it('says why a variable is needed', () => {
    expect(expandWord('${MISSING:?say why}', env).error?.message).toBe('MISSING is not set: say why');
  });

  it('names what it looked up, found or not', () => {
    const { matched, unmatched } = expandWord('$FILE ${A:-$B} $FILE', env);
    expect(matched).toEqual(['FILE']);
    expect(unmatched).toEqual(['B', 'A']);
  });

  it('never throws and never hangs', () => {
    const pieces = fc.constantFrom(
      '$',
      '{',
      '}',
      ':',
      '-',
      '#',
      '%',
      '/',
      '*',
      '?',
      '\\',
      '"',
      "'",
      'a',
      ' ',
      '`',
      'é',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (units) => {
        const raw = units.join('');
        const found = expandWord(raw, new Map([['a', raw]]));
        return found.error === undefined || found.text === '';
      }),
      { numRuns: 2000 },
    );
  });

  it('is bounded on deep nesting and long patterns', () => {
    expect(kind('${a:-'.repeat(100_000))).toBe('bad-substitution');
    const long = new Map([['X', 'a'.repeat(20_000)]]);
    expect(expandWord(`\${X#${'*a'.repeat(5_000)}b}`, long).text).toHaveLength(20_000);
  });
});

describe('expandWords', () => {
  it('splits what a variable holds, unless quoted', () => {
    expect(expandWords('x$TWO "$TWO"', env).words).toEqual(['xa', 'b', 'a b']);
    expect(expandWords('  ', env).words).toEqual([]);
    expect(expandWords('"', env).words).toEqual([]);
  });
});

describe('unquote', () => {
  it.each([
    ['a"b c"d', 'ab cd'],
    ["'$x'\\ y", '$x y'],
    ['"${x:-y}"', '${x:-y}'],
    ['"open', '"open'],
    ['plain$x', 'plain$x'],
  ])('%s', (raw, expected) => expect(unquote(raw, '\\')).toBe(expected));
});
