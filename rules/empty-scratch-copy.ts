import { defineRule, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'empty-scratch-copy',
  category: 'correctness',
  mentions: ['scratch'],
  severity: 'error',
  summary: 'COPY --from a stage that is empty',
  why: 'The stage starts from scratch, and nothing is put into it. There is no file to be copied, and the build stops with "not found".',
  examples: [
    {
      bad: 'FROM scratch AS files\nLABEL a=b\nFROM alpine:3\nCOPY --from=«files» /a /a\n',
      good: 'FROM scratch AS files\nCOPY a /a\nFROM alpine:3\nCOPY --from=files /a /a\n',
    },
    { bad: 'FROM scratch AS a\nUSER 1\nFROM a AS b\nENV X=1\nFROM alpine:3\nCOPY --link --from=«b» /a /a\n' },
    { good: 'FROM scratch AS a\nADD a.tar /\nFROM a AS b\nFROM alpine:3\nCOPY --from=b /a /a\n' },
    { good: 'FROM scratch AS a\nWORKDIR /a\nFROM alpine:3\nCOPY --from=a /a /a\n' },
    { good: 'FROM scratch AS a\nRUN ["/x"]\nFROM alpine:3\nCOPY --from=a /a /a\nRUN --mount=from=a,target=/e true\n' },
    {
      good: 'FROM scratch AS a\nFROM alpine:3\nRUN --mount=from=a,target=/e true\n',
      note: 'An empty folder may be wanted.',
    },
    { good: 'FROM alpine:3 AS a\nFROM alpine:3\nCOPY --from=a /a /a\nCOPY --from=busybox:1 /a /a\n' },
    { good: 'FROM scratch AS base\nONBUILD COPY a /a\nFROM base AS a\nFROM alpine:3\nCOPY --from=a /a /a\n' },
  ],
  *check({ images, stages }) {
    const empty = emptyStages(stages);
    for (const { use, target, span } of images) {
      if (use !== 'copy' || target.kind !== 'stage' || !empty.has(target.stage)) continue;
      yield {
        at: span,
        message: 'this stage has no files: it starts from scratch and adds none',
        help: 'copy the files into it first',
      };
    }
  },
});

function emptyStages(stages: readonly Stage[]): ReadonlySet<Stage> {
  const empty = new Set<Stage>();
  for (const stage of stages) {
    const { base, steps } = stage;
    const isEmptyBase = base.kind === 'scratch' || (base.kind === 'stage' && empty.has(base.stage));
    if (isEmptyBase && !steps.some(({ instruction }) => /^(?:COPY|ADD|RUN|WORKDIR|VOLUME)$/.test(instruction.keyword)))
      empty.add(stage);
  }
  return empty;
}
