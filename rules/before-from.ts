import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'before-from',
  aliases: ['DL3061'],
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'an instruction before the first FROM',
  why: 'Only ARG, comments and parser directives may stand before the first FROM: there is no image yet that anything else could change. Builders refuse the file.',
  examples: [
    { bad: '«RUN» true\nFROM alpine:3\n', good: 'FROM alpine:3\nRUN true\n', exact: true },
    { bad: 'ARG A=1\n«ENV» A=1\nRUN true\nFROM alpine:3\n', exact: true },
    { bad: '«RUN» true\n', note: 'There is no FROM at all.', exact: true },
    { good: '# a comment\nARG A=1\nFROM alpine:3\nENV A=1\n' },
    { good: 'FROM alpine:3\nRUM true\n', note: 'This is `syntax-error`.' },
  ],
  *check({ dockerfile }) {
    for (const { code, span, message, help } of dockerfile.problems) {
      if (code === 'no-from') yield { at: span, message, ...(help === undefined ? {} : { help }) };
    }
  },
});
