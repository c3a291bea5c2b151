import { defineRule, quoted, stringsOption, unfitLabels } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-url',
  aliases: ['DL3052'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label that should be a URL, and is not',
  why: 'Registries and other programs make links of these labels. Without a scheme, or with blanks, the link leads nowhere.',
  options: {
    labels: stringsOption(
      ['org.opencontainers.image.url', 'org.opencontainers.image.documentation', 'org.opencontainers.image.source'],
      'Labels that hold a URL.',
    ),
  },
  presetOptions: { hadolint: { labels: [] } },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL org.opencontainers.image.source=«github.com/a/b»\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.source=https://github.com/a/b\n',
    },
    { bad: 'FROM alpine:3\nLABEL org.opencontainers.image.url=«"see https://a.example"» a=b\n' },
    { bad: 'FROM alpine:3\nLABEL a=«b» org.opencontainers.image.url=c\n', options: { labels: ['a'] } },
    { bad: 'FROM alpine:3\nLABEL a=«http://:x» a=«https://»\n', options: { labels: ['a'] } },
    { good: 'FROM alpine:3\nARG U\nLABEL org.opencontainers.image.source=$U a=b org.opencontainers.image.url=\n' },
    {
      good: 'FROM alpine:3\nLABEL a=git+ssh://git@a.example/b.git a="https://a.example/?b=c#d"\n',
      options: { labels: ['a'] },
    },
  ],
  deviations: [
    { code: 'DL3052', what: 'silent for variables that only the build knows', why: 'their values may be URLs' },
    { code: 'DL3052', what: 'knows the labels of the OCI image specification', why: 'it says that they hold URLs' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of unfitLabels(model, options.labels, isUrl)) {
      yield {
        at: (pair.value ?? pair).span,
        message: `label ${key} is no URL: ${quoted(value)}`,
        help: 'write it with its scheme: https://…',
      };
    }
  },
});

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/]\S*$/i.test(text) && URL.canParse(text);
}
