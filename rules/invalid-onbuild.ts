import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'invalid-onbuild',
  aliases: ['DL3043'],
  category: 'correctness',
  mentions: ['onbuild'],
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'ONBUILD with an instruction that cannot wait',
  why: 'ONBUILD ONBUILD, ONBUILD FROM and ONBUILD MAINTAINER are refused by builders: the build stops.',
  examples: [
    { bad: 'FROM alpine:3\nONBUILD «FROM» debian:13\n', good: 'FROM alpine:3\nONBUILD RUN true\n' },
    { bad: 'FROM alpine:3\nONBUILD «ONBUILD» RUN true\nonbuild «maintainer» me\n' },
    { good: 'FROM alpine:3\nONBUILD COPY . /app\n' },
    { good: 'FROM alpine:3\nRUM true\n', note: 'This is `syntax-error`.' },
  ],
  *check({ dockerfile }) {
    for (const { code, span, message, help } of dockerfile.problems) {
      if (code === 'invalid-onbuild') yield { at: span, message, ...(help === undefined ? {} : { help }) };
    }
  },
});
