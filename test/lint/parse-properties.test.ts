import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import type { Instruction } from '../../src/lint/syntax.ts';
import type { Span } from '../../src/report/finding.ts';

const pieces = fc.constantFrom(
  ...['FROM ', 'RUN ', 'copy ', 'ADD', 'ENV ', 'LABEL', 'ARG ', 'ONBUILD ', 'HEALTHCHECK ', 'CMD ', 'VOLUME', 'USER '],
  ...['\n', '\r\n', '\r', ' ', '\t', '\u00a0', '\u0085', '\\\n', '`\n', '\\ \n', '\\', '`', '# x', '\n\n', '\uFEFF'],
  ...[
    '# escape=`\n',
    '# syntax=a\n',
    '<<EOF',
    '<<-"E O"',
    '\nEOF\n',
    '[',
    ']',
    '"a"',
    ',',
    '1',
    '"',
    "'",
    '$',
    '${',
    '}',
  ],
  ...['--a=b ', '--', '-x', '=', 'AS ', 'é', '𝒳', '\ud800', 'CMD', 'NONE', ':-', '/', '#', '<<'],
);
const dockerfiles = fc.array(pieces, { maxLength: 40 }).map((units) => units.join(''));
const texts = fc.oneof(dockerfiles, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const read = (text: string) => parse({ path: 'Dockerfile', text });

/** Every span in a tree, whatever holds it; not of blank lines, which may stand behind an instruction that they end. */
function spansOf(node: unknown): Span[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.entries(node).flatMap(([key, value]) => (key === 'blanks' ? [] : spansOf(value)));
  return 'start' in node && 'end' in node ? [node as Span, ...inner] : inner;
}

describe('whatever the text', () => {
  const holds = (check: (text: string) => void) => fc.assert(fc.property(texts, check), { numRuns: 3000 });

  it('the items cover it without gap or overlap', () =>
    holds((text) => {
      let at = 0;
      for (const { span } of read(text).items) {
        expect(span.start).toBe(at);
        expect(span.end).toBeGreaterThan(at);
        at = span.end;
      }
      expect(at).toBe(text.length);
    }));

  it('all spans lie in the text, those of an instruction within it', () =>
    holds((text) => {
      const { instructions, problems } = read(text);
      for (const instruction of instructions) {
        const { start, end } = instruction.span;
        for (const span of spansOf(instruction)) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.start).toBeGreaterThanOrEqual(start);
          expect(span.end).toBeLessThanOrEqual(Math.max(end, bodyEnd(instruction)));
        }
      }
      for (const { span } of problems) expect(span.end).toBeLessThanOrEqual(text.length);
    }));

  it('an instruction behind it is read as what it is', () =>
    fc.assert(
      fc.property(dockerfiles, (text) => {
        const complete = text.replaceAll('<<', '');
        // The comment line and `x` take what a continuation at the end may still want.
        const { instructions } = read(`${complete}\n# y\nx\n\nWORKDIR /end`);
        expect(instructions.at(-1)).toMatchObject({ keyword: 'WORKDIR', words: [{ text: '/end' }] });
      }),
      { numRuns: 3000 },
    ));
});

/** An unterminated heredoc keeps blank lines that the instruction's span leaves out. */
function bodyEnd(instruction: Instruction): number {
  const inner = instruction.keyword === 'ONBUILD' ? instruction.instruction : instruction;
  const heredocs = inner && 'heredocs' in inner ? inner.heredocs : [];
  return Math.max(0, ...heredocs.filter(({ terminator }) => !terminator).map(({ body }) => body.end));
}
