import { defineRule, quoted, stringsOption, unfitLabels } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-time',
  aliases: ['DL3053'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label that should be a time, and is not',
  why: 'The OCI image specification wants times as in RFC 3339: date, time of day and time zone. Programs that sort or compare images by it cannot read anything else.',
  options: {
    labels: stringsOption(
      ['org.opencontainers.image.created', 'org.label-schema.build-date'],
      'Labels that hold a time.',
    ),
  },
  presetOptions: { hadolint: { labels: [] } },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL org.opencontainers.image.created=«2025-01-31»\n',
      good: 'FROM alpine:3\nLABEL org.opencontainers.image.created=2025-01-31T10:00:00Z\n',
    },
    {
      bad: 'FROM alpine:3\nLABEL a=«2025-01-31T10:00:00» a=«2025-13-01T10:00:00Z» a=«2025-02-30T10:00:00Z» a=«today»\n',
      options: { labels: ['a'] },
    },
    {
      bad: 'FROM alpine:3\nLABEL a=«2025-01-31T24:00:00Z» a=«2025-01-31T10:60:00Z» a=«2025-01-31T10:00:00+25:00»\n',
      options: { labels: ['a'] },
    },
    { good: 'FROM alpine:3\nARG T\nLABEL org.opencontainers.image.created=$T a=today org.label-schema.build-date=\n' },
    {
      good: 'FROM alpine:3\nLABEL a=2024-02-29t10:00:60.123456z a="2025-01-31 10:00:00+02:00"\n',
      options: { labels: ['a'] },
    },
    { bad: 'FROM alpine:3\nLABEL org.opencontainers.image.created=«"2024-02-03T00:00:00+24:00"»\n' },
    { bad: 'FROM alpine:3\nLABEL org.opencontainers.image.created=«"2024-02-03T00:00:00+01:60"»\n' },
    { bad: 'FROM alpine:3\nLABEL org.opencontainers.image.created=«"2024-02-03T00:00:61Z"»\n' },
    { bad: 'FROM alpine:3\nLABEL org.opencontainers.image.created=«"2024-01-32T00:00:00Z"»\n' },
    { good: 'FROM alpine:3\nLABEL org.opencontainers.image.created\n' },
  ],
  deviations: [
    { code: 'DL3053', what: 'silent for variables that only the build knows', why: 'their values may be times' },
    { code: 'DL3053', what: 'knows the label of the OCI image specification', why: 'it says that it holds a time' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of unfitLabels(model, options.labels, isTime)) {
      yield {
        at: (pair.value ?? pair).span,
        message: `label ${key} is no time: ${quoted(value)}`,
        help: 'write it as in 2025-01-31T10:00:00Z',
      };
    }
  },
});

/** RFC 3339, section 5.6. The specification lets a blank stand for the T, and has leap seconds. */
function isTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day));
  // A day that the month does not have is one of another month.
  const isDay = date.getUTCMonth() === month - 1;
  return isDay && hour < 24 && minute < 60 && second <= 60 && zoneHour < 24 && zoneMinute < 60;
}
