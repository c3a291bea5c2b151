import { defineRule, remove } from '../src/lint/rule.ts';

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
    { good: 'FROM alpine:3\nRUM true\n', note: 'This is `syntax-error`.' },
  ],
  *check({ dockerfile }) {
    const blanks = new Map(
      dockerfile.instructions.map((instruction) => [instruction.blanks[0]?.start, instruction.blanks]),
    );
    for (const { code, span, message, help } of dockerfile.problems) {
      if (code !== 'empty-continuation') continue;
      const edits = (blanks.get(span.start) ?? []).map(remove);
      const fix = { title: 'Remove the blank lines', edits };
      yield { at: span, message, ...(help === undefined ? {} : { help }), fix };
    }
  },
});
