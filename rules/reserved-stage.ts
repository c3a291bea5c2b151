import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'reserved-stage',
  aliases: ['DL3063', 'ReservedStageName'],
  category: 'correctness',
  mentions: ['scratch', 'context'],
  severity: 'warning',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'a stage is named `scratch` or `context`',
  why: '`scratch` is the empty image and `context` the folder of the build. A stage of that name shadows them in some places and is shadowed in others, so the file does not mean what it says.',
  examples: [
    { bad: 'FROM alpine:3 AS «scratch»\n', good: 'FROM alpine:3 AS empty\n' },
    { bad: 'FROM alpine:3 AS «Context»\nFROM alpine:3\n' },
    { good: 'FROM scratch\nFROM scratch AS scratch-image\n' },
    { good: 'FROM context\n' },
  ],
  deviations: [
    { code: 'DL3063', what: 'upper and lower case are the same', why: 'BuildKit compares names without case' },
  ],
  *check({ stages }) {
    for (const { name, from } of stages) {
      if ((name !== 'scratch' && name !== 'context') || !from.name) continue;
      yield { at: from.name.span, message: `${name} has a meaning of its own`, help: 'give the stage another name' };
    }
  },
});
