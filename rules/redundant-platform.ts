import { defineRule, remove } from '../src/lint/rule.ts';

export default defineRule({
  id: 'redundant-platform',
  aliases: ['DL3065', 'RedundantTargetPlatform'],
  category: 'style',
  mentions: ['platform'],
  severity: 'style',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: '--platform=$TARGETPLATFORM says what holds anyway',
  why: 'Without --platform, FROM takes the image for the platform that the build is for. The flag only makes readers look for a reason.',
  examples: [
    { bad: 'FROM «--platform=$TARGETPLATFORM» alpine:3\n', good: 'FROM alpine:3\n' },
    { bad: 'FROM   «--platform=${TARGETPLATFORM}» \\\n  alpine:3 AS a\n', good: 'FROM   alpine:3 AS a\n' },
    { good: 'FROM --platform=$BUILDPLATFORM alpine:3\n' },
    { good: 'FROM --platform=linux/$TARGETARCH alpine:3\nFROM --platform=${TARGETPLATFORM:-linux/amd64} alpine:3\n' },
  ],
  *check({ stages }) {
    for (const { from } of stages) {
      const flag = from.flags.find(({ name }) => name === 'platform');
      if (!flag || !from.image || !/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(flag.value ?? '')) continue;
      const next = from.flags.find(({ span }) => span.start > flag.span.start) ?? from.image;
      yield {
        at: flag.span,
        message: `FROM takes the image for ${flag.value} anyway`,
        help: 'remove it',
        fix: { title: 'Remove --platform', edits: [remove({ start: flag.span.start, end: next.span.start })] },
      };
    }
  },
});
