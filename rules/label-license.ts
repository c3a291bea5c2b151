import {
  defineRule,
  isLicenseExpression,
  licenseIdLike,
  quoted,
  replace,
  stringsOption,
  unfitLabels,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-license',
  aliases: ['DL3054'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label that should be an SPDX licence expression, and is not',
  why: 'The OCI image specification wants licences as SPDX expressions. Whoever checks licences by program gets nothing from other texts, and `BSD` or `GPL` leave open which licence it is.',
  options: {
    labels: stringsOption(['org.opencontainers.image.licenses'], 'Labels that hold a licence.'),
  },
  presetOptions: { hadolint: { labels: [] } },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL org.opencontainers.image.licenses=«"Apache 2.0"»\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.licenses="Apache-2.0"\n',
    },
    { bad: 'FROM alpine:3\nLABEL a=«BSD» a=«"MIT, ISC"» a=«Proprietary» a=«"MIT OR"»\n', options: { labels: ['a'] } },
    { bad: 'FROM alpine:3\nARG L="apache 2.0"\nLABEL org.opencontainers.image.licenses=«$L»\n' },
    {
      good: 'FROM alpine:3\nLABEL a="MIT OR Apache-2.0" a=mit a=GPL-2.0+ a="GPL-2.0-only WITH Classpath-exception-2.0"\n',
      options: { labels: ['a'] },
    },
    {
      good: 'FROM alpine:3\nARG L\nLABEL org.opencontainers.image.licenses=$L a=BSD org.opencontainers.image.licenses=\n',
    },
    { good: 'FROM alpine:3\nLABEL a=LicenseRef-Acme a="(MIT AND ISC)"\n', options: { labels: ['a'] } },
  ],
  deviations: [
    {
      code: 'DL3054',
      what: 'knows the label of the OCI image specification',
      why: 'it says that it holds a licence expression',
    },
    { code: 'DL3054', what: 'takes expressions: `MIT OR Apache-2.0`', why: 'they are what the specification asks for' },
    { code: 'DL3054', what: 'silent for variables that only the build knows', why: 'their values may be licences' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of unfitLabels(model, options.labels, isLicenseExpression)) {
      const near = licenseIdLike(value);
      const at = (pair.value ?? pair).span;
      const isWritten = near !== undefined && pair.value?.text === value;
      yield {
        at,
        message: `label ${key} is no SPDX licence expression: ${quoted(value)}`,
        help: near ? `write ${near}` : 'write an id of spdx.org/licenses, or LicenseRef-… for one that is not there',
        ...(isWritten ? { fix: { title: `Write ${near}`, safe: false, edits: [replace(at, `"${near}"`)] } } : {}),
      };
    }
  },
});
