import { defineRule, lineStarts, positionAt, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'duplicate-stage',
  aliases: ['DL3024', 'DuplicateStageName'],
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'warning' },
  summary: 'two stages have the same name',
  why: 'FROM, COPY --from and --target then mean one of the two, and readers think of the other. FROM takes the one above; COPY --from takes the last one of the file, even from above it.',
  examples: [
    {
      bad: 'FROM golang:1.24 AS build\nFROM node:22 AS «build»\n',
      good: 'FROM golang:1.24 AS build\nFROM node:22 AS assets\n',
    },
    { bad: 'FROM golang:1.24 AS build\nFROM node:22 AS «Build»\nFROM alpine:3 AS «build»\n' },
    { good: 'FROM golang:1.24\nFROM golang:1.24\n' },
    { good: 'FROM golang:1.24 AS build\nFROM build AS build-2\n' },
  ],
  deviations: [
    { code: 'DL3024', what: 'upper and lower case are the same', why: 'BuildKit compares names without case' },
  ],
  *check({ stages, dockerfile }) {
    const first = new Map<string, Stage>();
    let starts: readonly number[] | undefined;
    for (const stage of stages) {
      const { name, from } = stage;
      if (name === undefined || !from.name) continue;
      const earlier = first.get(name);
      if (!earlier) first.set(name, stage);
      else {
        starts ??= lineStarts(dockerfile.source.text);
        const { line } = positionAt(starts, earlier.from.span.start);
        yield {
          at: from.name.span,
          message: `a stage is called ${from.name.text} already, in line ${line}`,
          help: 'give it another name',
        };
      }
    }
  },
});
