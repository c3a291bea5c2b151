import { defineRule, quoted, stringsOption, unfitLabels } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-semver',
  aliases: ['DL3056'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label that should be a semantic version, and is not',
  why: 'Programs that compare versions by the rules of semver.org cannot place anything else. The rule is silent until it is told which labels hold one: an image may well have versions of another kind.',
  options: {
    labels: stringsOption([], 'Labels that hold a semantic version: `org.opencontainers.image.version`.'),
  },
  examples: [
    { bad: 'FROM alpine:3\nLABEL v=«1.2»\n', good: 'FROM alpine:3\nLABEL v=1.2.0\n', options: { labels: ['v'] } },
    {
      bad: 'FROM alpine:3\nARG V=01.2.3\nLABEL v=«$V» v=«v1.2.3» v=«1.2.3-» v=«1.2.3-01» v=«1.2.3+»\n',
      options: { labels: ['v'] },
    },
    { good: 'FROM alpine:3\nARG V\nLABEL v=$V w=1 v=1.2.3-rc.1+build.01 v=0.0.0-0a\n', options: { labels: ['v'] } },
    {
      bad: 'FROM alpine:3\nLABEL v=«1.2.3-a..b» v=«1.2.3+a..b» v=«1.2.3-a.01» v=1.2.3-a01 v=1.2.3-0.a v=1.2.3-01a v=1.2.3+a.b\n',
      options: { labels: ['v'] },
    },
    { good: 'FROM alpine:3\nLABEL org.opencontainers.image.version=1.2\n' },
  ],
  deviations: [
    { code: 'DL3056', what: 'silent for variables that only the build knows', why: 'their values may be versions' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of unfitLabels(model, options.labels, isSemver)) {
      yield {
        at: (pair.value ?? pair).span,
        message: `label ${key} is no semantic version: ${quoted(value)}`,
        help: 'write major.minor.patch: 1.2.0',
      };
    }
  },
});

/** semver.org 2.0.0, items 2, 9 and 10. */
function isSemver(text: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/.exec(text);
  if (!match) return false;
  const [, major = '', minor = '', patch = '', pre, build] = match;
  const numbers = [major, minor, patch, ...(pre?.split('.') ?? [])];
  return numbers.every((part) => part !== '' && !/^0\d+$/.test(part)) && build?.split('.').includes('') !== true;
}
