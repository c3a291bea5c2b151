import { defineRule, isLabelAmong, labels, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-empty',
  aliases: ['DL3051'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label without a value',
  why: 'A label that says nothing is worse than none: whoever looks for it finds it, and takes the empty text for the answer. Mostly a variable was not set, or a template was not filled in.',
  options: {
    labels: stringsOption(
      ['org.opencontainers.image.*'],
      'Labels that must have a value; `*` at the end stands for any rest.',
    ),
  },
  presetOptions: { hadolint: { labels: [] } },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL «org.opencontainers.image.source»=""\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.source=https://example.com\n',
    },
    { bad: 'FROM alpine:3\nARG V=\nLABEL a=1 \\\n  «org.opencontainers.image.version»=$V\n' },
    { bad: 'FROM alpine:3\nLABEL «a»= org.opencontainers.image.source=\n', options: { labels: ['a'] } },
    { good: 'FROM alpine:3\nARG V\nLABEL org.opencontainers.image.version=$V\n', note: 'The build may set it.' },
    { good: 'FROM alpine:3\nLABEL a=""\nENV org.opencontainers.image.source=\n' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of labels(model)) {
      if (value !== '' || !isLabelAmong(key, options.labels)) continue;
      yield { at: pair.key.span, message: `label ${key} is empty`, help: 'give it a value, or remove it' };
    }
  },
});
