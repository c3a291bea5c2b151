import { defineRule, quoted, stringsOption, unfitLabels } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-git-hash',
  aliases: ['DL3055'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label that should be a Git commit, and is not',
  why: 'A branch or tag moves on; only the hash of a commit says for ever which source an image was made from. The rule is silent until it is told which labels hold one.',
  options: {
    labels: stringsOption([], 'Labels that hold a Git commit: `org.opencontainers.image.revision`.'),
  },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL rev=«main»\n',
      good: 'FROM alpine:3\nLABEL rev=0123456789abcdef0123456789abcdef01234567\n',
      options: { labels: ['rev'] },
    },
    {
      bad: 'FROM alpine:3\nARG R=v1.0\nLABEL rev=«$R» rev=«012345» rev=«0123456789abcdef0123456789abcdef0123456789»\n',
      options: { labels: ['rev'] },
    },
    {
      good: 'FROM alpine:3\nARG R\nLABEL rev=$R other=main rev=0123ABC rev=0123456789\n',
      options: { labels: ['rev'] },
    },
    {
      good: 'FROM alpine:3\nLABEL rev=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n',
      options: { labels: ['rev'] },
      note: 'SHA-256.',
    },
    { good: 'FROM alpine:3\nLABEL rev=main\n' },
  ],
  deviations: [
    { code: 'DL3055', what: 'takes short hashes of 7 to 40 digits, and SHA-256', why: 'Git writes them so' },
    { code: 'DL3055', what: 'silent for variables that only the build knows', why: 'their values may be hashes' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of unfitLabels(model, options.labels, isHash)) {
      yield {
        at: (pair.value ?? pair).span,
        message: `label ${key} is no Git commit: ${quoted(value)}`,
        help: 'write the hash: git rev-parse HEAD',
      };
    }
  },
});

function isHash(text: string): boolean {
  return /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/i.test(text);
}
