import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'healthcheck-missing',
  aliases: ['DL3057'],
  category: 'correctness',
  severity: 'off',
  summary: 'the image has no HEALTHCHECK',
  why: 'Without a check, Docker and Swarm call a container healthy as long as its process lives, even when it answers nobody. Kubernetes has probes of its own and ignores HEALTHCHECK, so this is off by default.',
  examples: [
    { bad: 'FROM «alpine:3»\nCMD ["app"]\n' },
    { bad: 'FROM alpine:3 AS a\nHEALTHCHECK NONE\nFROM --platform=linux/amd64 «alpine:3» AS b\n' },
    { bad: 'FROM «alpine:3»\nONBUILD HEALTHCHECK CMD ["a"]\nCMD ["app"]\n' },
    { good: 'FROM alpine:3\nHEALTHCHECK CMD ["a"]\n' },
    { good: 'FROM alpine:3 AS a\nHEALTHCHECK NONE\nFROM a\n' },
    { good: 'FROM alpine:3 AS build\nRUN make\nFROM alpine:3\nHEALTHCHECK CMD ["a"]\n' },
  ],
  deviations: [{ code: 'DL3057', what: 'only the final stage', why: 'no container is started from the others' }],
  *check({ finalStage }) {
    if (!finalStage?.from.image || finalStage.start.HEALTHCHECK) return;
    yield {
      at: finalStage.from.image.span,
      message: 'the image built from this has no HEALTHCHECK',
      help: 'add HEALTHCHECK CMD [...], or HEALTHCHECK NONE when something else checks the container',
    };
  },
});
