import { closest, defineRule, isLabelAmong, labels, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-unknown',
  aliases: ['DL3050'],
  category: 'style',
  mentions: ['label'],
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'a label that is not among the ones the project uses',
  why: 'Where labels are read by programs, a misspelt one is as good as none. The rule is silent until it is told which labels there may be.',
  options: {
    allowed: stringsOption(
      [],
      'Labels that may be used; `*` at the end stands for any rest: `org.opencontainers.image.*`.',
    ),
  },
  examples: [
    {
      bad: 'FROM alpine:3\nLABEL a=b «sauce»=d\n',
      good: 'FROM alpine:3\nLABEL a=b source=d\n',
      options: { allowed: ['a', 'source'] },
    },
    { bad: 'FROM alpine:3\nONBUILD LABEL «b» c\n', options: { allowed: ['x.*', 'a'] } },
    { good: 'FROM alpine:3\nLABEL x.a=b x.=c a=d\nARG K\nLABEL $K=b\n', options: { allowed: ['x.*', 'a'] } },
    { good: 'FROM alpine:3\nLABEL a=b\n' },
  ],
  *check(model, { allowed }) {
    if (allowed.length === 0) return;
    for (const { key, pair } of labels(model)) {
      if (isLabelAmong(key, allowed)) continue;
      const near = closest(key, allowed);
      yield {
        at: pair.key.span,
        message: `there is no label ${key} in this project`,
        help: near
          ? `did you mean ${near}?`
          : `there are ${allowed.slice(0, 10).join(', ')}${allowed.length > 10 ? ', …' : ''}`,
      };
    }
  },
});
