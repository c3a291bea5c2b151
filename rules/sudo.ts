import { type Command, defineRule, type Edit, remove, type Step, type Wrapper } from '../src/lint/rule.ts';

export default defineRule({
  id: 'sudo',
  aliases: ['DL3004'],
  category: 'security',
  mentions: ['sudo'],
  severity: 'warning',
  presets: { hadolint: 'error' },
  summary: 'sudo in a RUN',
  why: 'Steps run as root unless USER says otherwise, so sudo adds nothing but a set-uid program for attackers to try. It also drops most of the environment, ENV of this file included.',
  examples: [
    {
      bad: 'FROM alpine:3\nUSER root\nRUN «sudo» apk add m4 && «sudo» -E -n apk add git\n',
      good: 'FROM alpine:3\nUSER root\nRUN apk add m4 && apk add git\n',
    },
    {
      bad: 'FROM debian:13\nUSER 0:0\nRUN curl localhost | «sudo» apt-key add -\n',
      good: 'FROM debian:13\nUSER 0:0\nRUN curl localhost | apt-key add -\n',
    },
    {
      bad: 'FROM debian:13\nRUN find . | xargs «/usr/bin/sudo» -u app touch\n',
      note: 'Whether it is root now is not known.',
    },
    { bad: 'FROM debian:13\nUSER root\nRUN «sudo» -u app touch /a\nRUN «sudo» A=b touch /a\n' },
    { bad: 'FROM debian:13\nUSER root\nRUN [«"sudo"», "touch", "/a"]\nRUN «sudo» -v\n' },
    { good: 'FROM debian:13\nRUN apt-get install -y sudo && echo "sudo x" && rm -f /usr/bin/sudo\n' },
    { good: 'FROM debian:13\nRUN gosu app touch /a\n' },
    { bad: 'FROM debian:13\nUSER app\nRUN «sudo» a\n' },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const wrapper = command.wrappers.find(({ name }) => name === 'sudo');
      const word = wrapper?.words[0] ?? (command.name === 'sudo' ? command.words[0] : undefined);
      if (!word) continue;
      const fix = wrapper && isIdle(wrapper) && isRoot(step) && !command.exec ? removal(wrapper, command) : undefined;
      yield {
        at: word.span,
        message: 'sudo in a build step',
        help: 'remove it; where the step does not run as root, put USER root before it',
        ...(fix ? { fix: { title: 'Remove sudo', safe: false, edits: [fix] } } : {}),
      };
    }
  },
});

function isRoot({ user }: Step): boolean {
  return user !== undefined && /^(root|0)(:|$)/.test(user);
}

/** `sudo` for root, with flags that change nothing for root. */
function isIdle({ words }: Wrapper): boolean {
  return words.slice(1).every(({ text }) => /^-[EHnS]+$/.test(text));
}

/** From sudo to what it runs, which may be another wrapper. */
function removal(wrapper: Wrapper, { wrappers, words }: Command): Edit | undefined {
  const next = wrappers[wrappers.indexOf(wrapper) + 1] ?? words[0];
  return next && remove({ start: wrapper.span.start, end: next.span.start });
}
