import { describe, expect, it } from 'vitest';
import { applyEdits, applyFixes, fixAll } from '../../src/lint/fix.ts';
import type { Finding, Fix, Source } from '../../src/report/finding.ts';

function finding(edits: Fix['edits'], safe = true): Finding {
  const source: Source = { path: '', text: '' };
  const span = edits[0]?.span ?? { start: 0, end: 0 };
  return {
    rule: 'x',
    aliases: [],
    category: 'style',
    severity: 'info',
    message: '',
    fingerprint: '',
    location: { source, span },
    fix: { title: '', safe, edits },
  };
}

const edit = (start: number, end: number, text: string) => ({ span: { start, end }, text });

describe('one round', () => {
  const text = 'FROM a:1\nRUN abc\n';

  it('applies what does not touch', () => {
    const { text: fixed, applied } = applyFixes(text, [
      finding([edit(13, 14, 'x')]),
      finding([edit(15, 16, 'z')]),
      finding([edit(5, 6, 'b')]),
    ]);
    expect(fixed).toBe('FROM b:1\nRUN xbz\n');
    expect(applied.length).toBe(3);
  });

  it('leaves what overlaps, whole', () => {
    const second = finding([edit(5, 6, 'q'), edit(14, 16, 'yy')]);
    const { text: fixed, applied } = applyFixes(text, [finding([edit(13, 15, 'x')]), second]);
    expect(fixed).toBe('FROM a:1\nRUN xc\n');
    expect(applied.length).toBe(1);
  });

  it('takes one of two insertions at a place', () => {
    expect(applyFixes(text, [finding([edit(16, 16, '1')]), finding([edit(16, 16, '2')])]).text).toBe(
      'FROM a:1\nRUN abc1\n',
    );
  });

  it('keeps to safe fixes unless asked', () => {
    const unsafe = finding([edit(13, 14, 'x')], false);
    expect(applyFixes(text, [unsafe]).text).toBe(text);
    expect(applyFixes(text, [unsafe], { unsafe: true }).text).toBe('FROM a:1\nRUN xbc\n');
  });

  it('refuses a fix that breaks the file, and only that', () => {
    const breaks = finding([edit(0, 4, 'FORM')]);
    const { text: fixed, applied } = applyFixes(text, [breaks, finding([edit(13, 14, 'x')])]);
    expect(fixed).toBe('FROM a:1\nRUN xbc\n');
    expect(applied.length).toBe(1);
  });

  it.each([[[edit(-1, 2, '')]], [[edit(5, 99, '')]], [[edit(6, 5, '')]], [[edit(5, 8, ''), edit(6, 7, '')]], [[]]])(
    'refuses edits %j',
    (edits) => {
      expect(applyFixes(text, [finding(edits)]).text).toBe(text);
    },
  );

  it('keeps line ends and a byte order mark', () => {
    expect(applyEdits('\uFEFFFROM a\r\nRUN x\r\n', [edit(7, 7, '\nRUN y\r\n')])).toBe(
      '\uFEFFFROM a\r\nRUN y\r\n\r\nRUN x\r\n',
    );
  });
});

describe('rounds', () => {
  /** Turns the first `a` of a RUN into `b`. */
  const findingsOf = ({ text }: Source): Finding[] => {
    const at = text.indexOf('a', 13);
    return at < 0 ? [] : [finding([edit(at, at + 1, 'b')])];
  };

  it('go on until nothing is left', () => {
    expect(fixAll({ path: '', text: 'FROM x:1\nRUN aaa\n' }, findingsOf)).toMatchObject({
      text: 'FROM x:1\nRUN bbb\n',
      rounds: 3,
    });
  });

  it('end at ten', () => {
    const grows = ({ text }: Source) => [finding([edit(text.length, text.length, 'x')])];
    const { text, rounds, applied } = fixAll({ path: '', text: 'FROM x:1\nRUN a' }, grows);
    expect([text, rounds, applied.length]).toEqual(['FROM x:1\nRUN axxxxxxxxxx', 10, 10]);
  });
});
