import { defineRule, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'as-case',
  aliases: ['FromAsCasing'],
  category: 'style',
  severity: 'style',
  presets: { buildkit: 'warning' },
  summary: 'FROM and AS in different case',
  why: 'AS belongs to FROM. Written in another case, it looks like part of the image or of the name.',
  examples: [
    { bad: 'FROM alpine:3 «as» base\n', good: 'FROM alpine:3 AS base\n', exact: true },
    {
      bad: 'from alpine:3 «AS» base\nfrom alpine:3 «As» b\n',
      good: 'from alpine:3 as base\nfrom alpine:3 as b\n',
      exact: true,
    },
    { good: 'FROM alpine:3 AS base\n' },
    { good: 'from alpine:3 as base\nFROM alpine:3\n' },
    { good: 'From alpine:3 as base\n', note: 'This is `keyword-case`.', exact: true },
  ],
  *check({ stages, dockerfile: { source } }) {
    for (const { from } of stages) {
      if (!from.as) continue;
      const keyword = source.text.slice(from.keywordSpan.start, from.keywordSpan.end);
      const right = keyword === 'FROM' ? 'AS' : keyword === 'from' ? 'as' : undefined;
      const written = source.text.slice(from.as.start, from.as.end);
      if (right === undefined || written === right) continue;
      yield {
        at: from.as,
        message: `${written} is written in another case than ${keyword}`,
        help: `write ${right}`,
        fix: { title: `Write ${right}`, edits: [replace(from.as, right)] },
      };
    }
  },
});
