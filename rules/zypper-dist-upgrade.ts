import { defineRule, zypper } from '../src/lint/rule.ts';

export default defineRule({
  id: 'zypper-dist-upgrade',
  aliases: ['DL3035'],
  category: 'correctness',
  mentions: ['zypper'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'zypper dist-upgrade turns the base image into another one',
  why: 'A distribution upgrade replaces, downgrades and removes packages of the base image as the repositories of the day say. What comes out has little to do with the version that FROM names, and all of it is in the image a second time.',
  examples: [
    {
      bad: 'FROM opensuse/leap:15.5\nRUN «zypper dist-upgrade» -y\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper -n install curl\n',
    },
    { bad: "FROM opensuse/leap:15.5\nRUN sudo «zypper -n dup» && bash -c '«/usr/bin/zypper dup»'\n" },
    { bad: 'FROM opensuse/leap:15.5\nRUN [«"zypper", "dup"»]\n' },
    { good: 'FROM opensuse/tumbleweed\nRUN zypper -n update && echo zypper dup\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n install dup\n' },
  ],
  *check({ commands }) {
    for (const { command } of commands) {
      const found = zypper(command);
      if (found?.subcommand !== 'dist-upgrade') continue;
      yield {
        at: found.head,
        message: 'this replaces the packages of the base image by those of the day',
        help: 'name a newer base image, and install what is needed',
      };
    }
  },
});
