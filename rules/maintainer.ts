import { defineRule, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'maintainer',
  aliases: ['DL4000', 'MaintainerDeprecated'],
  category: 'style',
  mentions: ['maintainer'],
  severity: 'style',
  presets: { hadolint: 'error', buildkit: 'warning' },
  summary: 'MAINTAINER is deprecated',
  why: 'The instruction is deprecated since Docker 1.13. A label says the same in a place that tools read, and images have one for it: org.opencontainers.image.authors.',
  examples: [
    {
      bad: 'FROM alpine:3\n«MAINTAINER» Ada <ada@example.com>\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.authors="Ada <ada@example.com>"\n',
    },
    {
      bad: 'FROM alpine:3\n«MAINTAINER» "Ada" $X\\\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.authors="\\"Ada\\" \\$X"\n',
    },
    {
      bad: 'FROM alpine:3\n«MAINTAINER» "Ada B"\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.authors="Ada B"\n',
    },
    { good: 'FROM alpine:3\nLABEL maintainer=Ada\n' },
    { good: 'FROM alpine:3\nMAINTAINER\n', note: 'This is `syntax-error`.' },
    { good: 'FROM alpine:3\nONBUILD MAINTAINER Ada\n', note: 'This is `invalid-onbuild`.' },
    {
      bad: 'FROM alpine:3\n«MAINTAINER» a\\b\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.authors="a\\\\b"\n',
    },
  ],
  *check({ steps, dockerfile: { escape: marker } }) {
    for (const { instruction, deferred } of steps) {
      const name = instruction.keyword === 'MAINTAINER' && !deferred ? instruction.words[0] : undefined;
      if (!name) continue;
      const text = /^"[^"]*"$/.test(name.raw) ? name.raw.slice(1, -1) : name.raw;
      const value = text.replace(/["$\\`]/g, (char) =>
        char === '"' || char === '$' || char === marker ? marker + char : char,
      );
      const label = `LABEL org.opencontainers.image.authors="${value}"`;
      yield {
        at: instruction.keywordSpan,
        message: 'MAINTAINER is deprecated',
        help: `write ${label}`,
        fix: { title: 'Write a label', safe: false, edits: [replace(instruction, label)] },
      };
    }
  },
});
