import { defineRule, type Instruction, remove, type Span } from '../src/lint/rule.ts';

export default defineRule({
  id: 'empty-continuation',
  aliases: ['NoEmptyContinuation'],
  category: 'correctness',
  severity: 'warning',
  presets: { buildkit: 'warning' },
  summary: 'a blank line inside an instruction',
  why: 'After a line that ends in a backslash, builders skip blank lines, so that the instruction goes on further down than it seems. BuildKit will refuse this in a later version.',
  examples: [
    { bad: 'FROM alpine:3\nRUN a && \\\n«\n»  b\n', good: 'FROM alpine:3\nRUN a && \\\n  b\n' },
    {
      bad: 'FROM alpine:3\nENV A=1 \\\n«  \n»\n  B=2 \\\n# a comment\n\n  C=3\n',
      good: 'FROM alpine:3\nENV A=1 \\\n  B=2 \\\n# a comment\n  C=3\n',
    },
    { bad: 'FROM alpine:3\nONBUILD RUN a && \\\n«\n»  b\n', good: 'FROM alpine:3\nONBUILD RUN a && \\\n  b\n' },
    { good: 'FROM alpine:3\n\nRUN a && \\\n  # a comment\n  b\n\nRUN c\n' },
    { good: 'FROM alpine:3\nRUN <<EOF\na\n\nb\nEOF\n' },
  ],
  *check({ dockerfile }) {
    const blanks = new Map<number, readonly Span[]>();
    for (const instruction of dockerfile.instructions) {
      const own = blanksOf(instruction);
      if (own[0]) blanks.set(own[0].start, own);
    }
    for (const { code, span, message, help } of dockerfile.problems) {
      if (code !== 'empty-continuation') continue;
      const edits = (blanks.get(span.start) ?? []).map(remove);
      const fix = edits.length > 0 && { title: 'Remove the blank lines', edits };
      yield { at: span, message, ...(help === undefined ? {} : { help }), ...(fix ? { fix } : {}) };
    }
  },
});

function blanksOf(instruction: Instruction): readonly Span[] {
  if (instruction.blanks.length > 0 || instruction.keyword !== 'ONBUILD') return instruction.blanks;
  return instruction.instruction?.blanks ?? [];
}
