import { defineRule, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'stage-name-case',
  aliases: ['StageNameCasing'],
  category: 'style',
  severity: 'style',
  presets: { buildkit: 'warning' },
  summary: 'a stage name with upper-case letters',
  why: 'Names of stages are compared without regard to case, so `Build` and `build` are one stage. In lower case they also stand apart from instructions.',
  examples: [
    {
      bad: 'FROM alpine:3 AS «BuildBase»\nFROM BuildBase\n',
      good: 'FROM alpine:3 AS buildbase\nFROM BuildBase\n',
      note: 'References need not change: they are compared without regard to case.',
    },
    {
      bad: 'FROM alpine:3 AS a\nFROM a AS «B»\nCOPY --from=B /b /b\n',
      good: 'FROM alpine:3 AS a\nFROM a AS b\nCOPY --from=B /b /b\n',
    },
    { good: 'FROM alpine:3 AS build-2\n' },
    { good: 'FROM alpine:3\nFROM Build\n' },
  ],
  *check({ stages }) {
    for (const {
      from: { name },
    } of stages) {
      if (!name || name.raw === name.raw.toLowerCase()) continue;
      const lower = name.raw.toLowerCase();
      yield {
        at: name.span,
        message: `the stage name ${name.raw} has upper-case letters`,
        help: `write ${lower}`,
        fix: { title: `Write ${lower}`, edits: [replace(name, lower)] },
      };
    }
  },
});
