import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-from-self',
  aliases: ['DL3023'],
  category: 'correctness',
  mentions: ['from='],
  severity: 'error',
  presets: { hadolint: 'error' },
  summary: 'a stage copies from itself',
  why: 'A stage cannot be built before itself: the build stops with a circular dependency. To move a file within a stage, RUN cp or mv does it.',
  examples: [
    {
      bad: 'FROM golang:1.24 AS build\nCOPY --from=«build» /a /b\n',
      good: 'FROM golang:1.24 AS build\nRUN cp /a /b\n',
    },
    { bad: 'FROM golang:1.24 AS Build\nCOPY --from=«bUILD» /a /b\n' },
    { bad: 'FROM golang:1.24\nCOPY --link --from=«0» /a /b\n' },
    { bad: 'FROM golang:1.24 AS a\nRUN --mount=type=bind,from=«a»,target=/x cp /x/a /b\n' },
    { good: 'FROM golang:1.24 AS a\nFROM alpine:3 AS b\nCOPY --from=a /a /a\nCOPY --from=b:1 /b /b\n' },
    { good: 'FROM golang:1.24\nCOPY a b\n' },
  ],
  deviations: [
    { code: 'DL3023', what: 'upper and lower case are the same', why: 'BuildKit compares names without case' },
    { code: 'DL3023', what: 'sees stage numbers and RUN --mount=from=, too', why: 'they are the same circle' },
  ],
  *check({ images }) {
    for (const { target, stage, span, text } of images) {
      if (target.kind !== 'stage' || target.stage !== stage) continue;
      yield {
        at: span,
        message: `${text} is the very stage that this stands in`,
        help: 'name another stage, or move the file with RUN',
      };
    }
  },
});
