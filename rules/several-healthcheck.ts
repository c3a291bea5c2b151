import { defineRule, supersededProblems } from '../src/lint/rule.ts';

export default defineRule({
  id: 'several-healthcheck',
  aliases: ['DL3012', 'MultipleInstructionsDisallowed'],
  category: 'correctness',
  mentions: ['healthcheck'],
  severity: 'warning',
  presets: { hadolint: 'error', buildkit: 'warning' },
  summary: 'a HEALTHCHECK that a later one of the stage makes void',
  why: 'Only the last HEALTHCHECK of a stage counts. The earlier ones are read by people and by nobody else: whoever edits one of them changes nothing.',
  examples: [
    {
      bad: 'FROM alpine:3\n«HEALTHCHECK» CMD ["a"]\nHEALTHCHECK --interval=5s CMD ["b"]\n',
      good: 'FROM alpine:3\nHEALTHCHECK --interval=5s CMD ["b"]\n',
    },
    {
      bad: 'FROM alpine:3\n«HEALTHCHECK» CMD ["a"]\nHEALTHCHECK NONE\n',
      good: 'FROM alpine:3\nHEALTHCHECK NONE\n',
    },
    { good: 'FROM alpine:3 AS a\nHEALTHCHECK CMD ["a"]\nFROM a\nHEALTHCHECK NONE\n' },
    { good: 'FROM alpine:3\nONBUILD HEALTHCHECK CMD ["a"]\nHEALTHCHECK CMD ["b"]\nCMD ["c"]\n' },
  ],
  deviations: [
    {
      code: 'DL3012',
      what: 'underlines the HEALTHCHECK that is void, not the one that counts',
      why: 'that is the line to remove',
    },
  ],
  check: (model) => supersededProblems(model, 'HEALTHCHECK'),
});
