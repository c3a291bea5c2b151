import { defineRule, replace } from '../src/lint/rule.ts';

/** Problems that have a rule of their own. */
const elsewhere: ReadonlySet<string> = new Set(['empty-continuation', 'invalid-onbuild', 'no-from']);

export default defineRule({
  id: 'syntax-error',
  aliases: ['DL1000'],
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'text that a builder does not accept',
  why: 'The build stops at the first such line. All other rules still run on the rest of the file.',
  examples: [
    { bad: 'FROM alpine:3\n«RUM» apk add curl\n', good: 'FROM alpine:3\nRUN apk add curl\n' },
    {
      bad: 'FROM alpine:3\nCOPY «--form=build» /a /b\n',
      fixed: false,
      good: 'FROM alpine:3\nCOPY --from=build /a /b\n',
    },
    {
      bad: '«FORM» alpine:3\n«COPPY» --from=0 /a /b\n',
      good: 'FROM alpine:3\nCOPY --from=0 /a /b\n',
      exact: true,
    },
    {
      bad: 'FROM alpine:3\n«RUNN» <<EOF\napk add curl\nEOF\n',
      good: 'FROM alpine:3\nRUN <<EOF\napk add curl\nEOF\n',
    },
    { bad: 'FROM alpine:3\n«AND» then some\n', fixed: false, note: 'ADD, or a stray line.', good: 'FROM alpine:3\n' },
    { good: 'FROM alpine:3\nRUN --device=nvidia.com/gpu=all --network=none true\n' },
    { good: 'FROM alpine:3\nONBUILD ONBUILD RUN true\n', note: 'Rule invalid-onbuild tells of this.' },
  ],
  deviations: [
    {
      code: 'DL1000',
      what: 'tells of everything that BuildKit stops at, also of `${name:i}` and the like',
      why: 'the build fails there, however well the file reads',
    },
    { code: 'DL1000', what: 'silent for comments behind heredocs', why: 'BuildKit takes them' },
  ],
  *check({ dockerfile }) {
    for (const { code, span, message, help, meant } of dockerfile.problems) {
      if (elsewhere.has(code)) continue;
      const fix = meant && { title: `Write ${meant}`, safe: false, edits: [replace(span, meant)] };
      yield { at: span, message, ...(help === undefined ? {} : { help }), ...(fix ? { fix } : {}) };
    }
  },
});
