import { defineRule } from '../src/lint/rule.ts';

export default defineRule({
  id: 'inline-ignore',
  aliases: ['DL1001'],
  category: 'style',
  severity: 'off',
  summary: 'a comment that silences a rule',
  why: 'For projects in which exceptions are to stand in the configuration, where they can be reviewed together, and not in the files.',
  examples: [
    { bad: '«# dlint-ignore base-image-tag: because»\nFROM alpine\n', good: 'FROM alpine:3\n', fixed: false },
    { bad: '«# hadolint ignore=DL3006»\nFROM alpine\n«# hadolint global ignore=DL3007»\n' },
    { good: '# a comment\nFROM alpine:3\n' },
    { good: '# hadolint shell=bash\nFROM alpine:3\n', note: 'This silences nothing.' },
  ],
  *check() {},
  *review({ suppressions }) {
    for (const { suppression, ids } of suppressions) {
      yield {
        at: suppression.span,
        message: `this silences ${ids.map(({ id }) => (id === '*' ? 'every rule' : id)).join(', ')}`,
        help: 'put the exception into the configuration',
      };
    }
  },
});
