import { defineRule, quoted, stringsOption, unfitLabels } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-email',
  aliases: ['DL3058'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'warning' },
  summary: 'a label that should be an e-mail address, and is not',
  why: 'The address is for the day on which somebody has to write to it, or a program does. The rule is silent until it is told which labels hold one.',
  options: {
    labels: stringsOption([], 'Labels that hold an e-mail address.'),
  },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL m=«ada»\n',
      good: 'FROM alpine:3\nLABEL m=ada@example.com\n',
      options: { labels: ['m'] },
    },
    {
      bad: 'FROM alpine:3\nLABEL m=«"a b@example.com"» m=«a@b» m=«a@b@c.example» m=«a@-.example» m=«a@b-.example» m=«@b.example» m=«b.example» m=«"<a@b.example> c"»\n',
      options: { labels: ['m'] },
    },
    { bad: 'FROM alpine:3\nARG M="Ada <ada>"\nLABEL m=«$M»\n', options: { labels: ['m'] } },
    { good: 'FROM alpine:3\nARG M\nLABEL m=$M n=x m="Ada B <ada.b+c@mail.example.com>"\n', options: { labels: ['m'] } },
    { good: 'FROM alpine:3\nLABEL m=ada\n' },
  ],
  deviations: [
    { code: 'DL3058', what: 'a host without a dot is none', why: '`name@example` lacks its end' },
    { code: 'DL3058', what: 'silent for variables that only the build knows', why: 'their values may be addresses' },
  ],
  *check(model, options) {
    for (const { key, value, pair } of unfitLabels(model, options.labels, isAddress)) {
      yield {
        at: (pair.value ?? pair).span,
        message: `label ${key} is no e-mail address: ${quoted(value)}`,
        help: 'write name@example.com',
      };
    }
  },
});

/** An address, or one in angle brackets with a name before it (RFC 5322, mailbox). */
function isAddress(text: string): boolean {
  const address = /<([^<>]*)>$/.exec(text)?.[1] ?? text;
  const at = address.lastIndexOf('@');
  const parts = address.slice(at + 1).split('.');
  const isHost = parts.length > 1 && parts.every((part) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(part));
  return at > 0 && isHost && /^[^\s@<>(),;:"]+$/.test(address.slice(0, at));
}
