import { defineRule, type Stage, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'unreachable-stage',
  category: 'correctness',
  severity: 'info',
  summary: 'a stage that nothing needs',
  why: 'Neither the last stage nor any other one uses it, so BuildKit never builds it: its tests do not run, and its mistakes are not seen. A stage with a name may be a target of its own (`docker build --target`); one without a name is hardly meant to be.',
  options: {
    targets: stringsOption(
      [],
      'Stages that are built by name. When given, other named stages that nothing needs are reported, too.',
    ),
  },
  examples: [
    {
      bad: '«FROM» golang:1.24\nRUN go build ./...\nFROM alpine:3\nCOPY app /app\n',
      good: 'FROM golang:1.24\nRUN go build ./...\nFROM alpine:3\nCOPY --from=0 /app /app\n',
      exact: true,
    },
    {
      bad: 'FROM alpine:3 AS dev\nFROM alpine:3 AS «old»\nFROM alpine:3 AS «older»\nFROM alpine:3\n',
      options: { targets: ['dev'] },
      exact: true,
    },
    { bad: 'FROM alpine:3 AS a\n«FROM» a\nFROM alpine:3\n', note: 'Stage a is needed, if only by one that is not.' },
    { good: 'FROM alpine:3 AS test\nFROM alpine:3\n', note: 'It may be a target.' },
    { good: 'FROM alpine:3 AS base\nFROM base AS Dev\nFROM alpine:3\n', options: { targets: ['dev'] }, exact: true },
    { good: 'FROM alpine:3 AS a\nFROM alpine:3 AS b\nRUN --mount=from=a,target=/a true\nFROM b\n' },
    { good: 'FROM alpine:3\n' },
    {
      good: 'FROM alpine:3\nFROM alpine:3 AS t\nCOPY --from=0 /a /a\nFROM alpine:3\n',
      exact: true,
      note: 'Stage t needs it, and may be a target.',
    },
    { good: 'FROM debian:13 AS a\nFROM a AS b\nFROM b AS c\nFROM debian:13\nCOPY --from=c /a /a\n' },
    { bad: '«FROM» debian:13\nFROM debian:13\n' },
  ],
  *check({ stages }, { targets }) {
    const last = stages.at(-1);
    if (!last) return;
    const wanted = new Set(targets.map((name) => name.toLowerCase()));
    const needed = closure(stages.filter((each) => each === last || each.isFinal || wanted.has(each.name ?? '')));
    const used = new Set(stages.flatMap(({ dependsOn }) => dependsOn));
    for (const stage of stages) {
      const { name, from } = stage;
      if (needed.has(stage) || used.has(stage) || (name !== undefined && wanted.size === 0)) continue;
      yield {
        at: from.name?.span ?? from.keywordSpan,
        message: `nothing needs ${name === undefined ? 'this stage' : `stage ${name}`}, so it is never built`,
        help:
          name === undefined
            ? 'remove it, or name it and build it with --target'
            : 'remove it, or add it to the targets',
      };
    }
  },
});

/** The stages with all that they need. */
function closure(roots: readonly Stage[]): ReadonlySet<Stage> {
  const needed = new Set(roots);
  // A Set hands out what is added while it is walked.
  for (const stage of needed) for (const each of stage.dependsOn) needed.add(each);
  return needed;
}
