import { defineRule, supersededProblems } from '../src/lint/rule.ts';

export default defineRule({
  id: 'several-cmd',
  aliases: ['DL4003', 'MultipleInstructionsDisallowed'],
  category: 'correctness',
  severity: 'warning',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'a CMD that a later one of the stage makes void',
  why: 'Only the last CMD of a stage counts. The earlier ones are read by people and by nobody else: whoever edits one of them changes nothing.',
  examples: [
    {
      bad: 'FROM alpine:3\n«CMD» ["a"]\nEXPOSE 80\nCMD ["b"]\n',
      good: 'FROM alpine:3\nEXPOSE 80\nCMD ["b"]\n',
    },
    {
      bad: 'FROM alpine:3\n  «CMD» ["a", \\\n    "x"]\n«CMD» []\nCMD b\n',
      good: 'FROM alpine:3\nCMD b\n',
    },
    { good: 'FROM alpine:3 AS a\nCMD ["a"]\nFROM a\nCMD ["b"]\n' },
    { good: 'FROM alpine:3\nONBUILD CMD ["a"]\nCMD ["b"]\nENTRYPOINT ["c"]\n' },
  ],
  deviations: [
    {
      code: 'DL4003',
      what: 'underlines the CMD that is void, not the one that counts',
      why: 'that is the line to remove',
    },
  ],
  check: (model) => supersededProblems(model, 'CMD'),
});
