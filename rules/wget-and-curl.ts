import { defineRule, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'wget-and-curl',
  aliases: ['DL4001'],
  category: 'size',
  mentions: ['wget'],
  severity: 'style',
  presets: { hadolint: 'warning' },
  summary: 'both wget and curl are used',
  why: 'Both do the same in a build. With one of them, the other need not be installed, updated and known.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN wget -q https://a.example/a && sudo «/usr/bin/curl» -fO https://a.example/b\n',
      good: 'FROM debian:13\nRUN curl -fO https://a.example/a && sudo curl -fO https://a.example/b\n',
    },
    { bad: 'FROM debian:13\nRUN curl -fO $A\nRUN curl -fO $B\nRUN «wget» $C; wget $D\nRUN curl $E\n' },
    { bad: 'FROM debian:13\nRUN curl -fO $A\nRUN [«"wget"», "https://a.example/b"]\n' },
    { good: 'FROM debian:13 AS a\nRUN curl -fO $A\nFROM debian:13\nRUN wget -q $B\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y wget && curl -fO $A && echo wget\n' },
  ],
  deviations: [
    { code: 'DL4001', what: 'speaks once per stage, at the one that comes second', why: 'one finding says it all' },
  ],
  *check({ commands }) {
    const tools = new Map<Stage, string>();
    for (const { command, step } of commands) {
      const { name, words } = command;
      if (name !== 'wget' && name !== 'curl') continue;
      const first = tools.get(step.stage);
      if (first === undefined) tools.set(step.stage, name);
      if (first === undefined || first === name || first === 'both') continue;
      tools.set(step.stage, 'both');
      yield {
        at: (words[0] ?? command).span,
        message: `${name} is used here, and ${first} above`,
        help: `use ${first} for both`,
      };
    }
  },
});
