import { defineRule, supersededProblems } from '../src/lint/rule.ts';

export default defineRule({
  id: 'several-entrypoint',
  aliases: ['DL4004', 'MultipleInstructionsDisallowed'],
  category: 'correctness',
  severity: 'warning',
  presets: { hadolint: 'error', buildkit: 'warning' },
  summary: 'an ENTRYPOINT that a later one of the stage makes void',
  why: 'Only the last ENTRYPOINT of a stage counts. The earlier ones are read by people and by nobody else: whoever edits one of them changes nothing.',
  examples: [
    {
      bad: 'FROM alpine:3\n«ENTRYPOINT» []\nCMD ["x"]\nENTRYPOINT ["b"]\n',
      good: 'FROM alpine:3\nCMD ["x"]\nENTRYPOINT ["b"]\n',
    },
    { good: 'FROM alpine:3 AS a\nENTRYPOINT ["a"]\nFROM a\nENTRYPOINT ["b"]\n' },
    { good: 'FROM alpine:3\nONBUILD ENTRYPOINT ["a"]\nENTRYPOINT ["b"]\nCMD ["c"]\n' },
  ],
  deviations: [
    {
      code: 'DL4004',
      what: 'underlines the ENTRYPOINT that is void, not the one that counts',
      why: 'that is the line to remove',
    },
  ],
  check: (model) => supersededProblems(model, 'ENTRYPOINT'),
});
