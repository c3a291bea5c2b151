import { defineRule, type Flag } from '../src/lint/rule.ts';

export default defineRule({
  id: 'constant-platform',
  aliases: ['DL3029', 'FromPlatformFlagConstDisallowed'],
  category: 'correctness',
  mentions: ['platform'],
  severity: 'info',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'FROM has a fixed --platform',
  why: 'The stage then is for that platform whatever the build is asked for: a build for arm64 ends with amd64 programs in it, and runs them in emulation, if at all. Whoever needs one platform gives it to the build: `docker build --platform`.',
  examples: [
    { bad: 'FROM «--platform=linux/amd64» alpine:3 AS base\n', good: 'FROM alpine:3 AS base\n', fixed: false },
    { bad: 'FROM «--platform=amd64» alpine:3\n' },
    { good: 'FROM --platform=$BUILDPLATFORM golang:1.24\nFROM --platform=${TARGETPLATFORM} alpine:3\n' },
    { good: 'ARG P=linux/amd64\nFROM --platform=$P alpine:3\nFROM --platform=linux/$TARGETARCH alpine:3\n' },
    {
      good: 'FROM --platform=linux/amd64 alpine:3 AS build_amd64\nFROM --platform=linux/arm64 alpine:3 AS Linux-arm\n',
    },
    { good: 'FROM --platform=linux/arm64/v8 alpine:3 AS arm64\nFROM --platform= alpine:3\nFROM alpine:3\n' },
    { bad: 'FROM «--platform=linux/» alpine:3 AS a\n' },
  ],
  deviations: [
    { code: 'DL3029', what: 'silent for all variables', why: 'what they hold is up to the build' },
    { code: 'DL3029', what: 'silent for a stage named after its platform', why: 'it is one of several on purpose' },
  ],
  *check({ stages }) {
    for (const { from, name } of stages) {
      const flag = from.flags.find((each) => each.name === 'platform');
      if (!flag?.value || flag.value.includes('$') || isNamedAfter(flag, name)) continue;
      yield {
        at: flag.span,
        message: `this stage is for ${flag.value}, whatever platform the build is asked for`,
        help: 'remove it and build with --platform, or use $BUILDPLATFORM for tools',
      };
    }
  },
});

/** `AS build-arm64`: by system or architecture. */
function isNamedAfter({ value = '' }: Flag, name = ''): boolean {
  const parts = value.toLowerCase().split('/').slice(0, 2);
  return parts.some((part) => part !== '' && name.includes(part));
}
