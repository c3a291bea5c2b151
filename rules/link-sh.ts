import { defineRule, programName } from '../src/lint/rule.ts';

export default defineRule({
  id: 'link-sh',
  aliases: ['DL4005'],
  category: 'correctness',
  mentions: ['ln'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: '/bin/sh is replaced by another shell',
  why: 'Every script of the image that begins with `#!/bin/sh` runs under the other shell from then on, and the next upgrade of the package that owns the link may put it back. SHELL changes the shell of the build steps and nothing else.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN rm /bin/sh && ln -s /bin/bash «/bin/sh»\n',
      good: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\n',
    },
    { bad: 'FROM debian:13\nRUN sudo ln -sf bash «/usr/bin/sh»\n' },
    { good: 'FROM debian:13\nRUN ln -s /bin/sh /usr/local/bin/ash\n', note: 'A second name for it.' },
    { good: 'FROM scratch\nCOPY busybox /bin/\nRUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/sh"]\n' },
    { good: 'FROM debian:13\nRUN ln -sf dash /bin/sh && ln -s /bin/bash /out/bin/sh && which bash /bin/sh\n' },
  ],
  deviations: [
    { code: 'DL4005', what: 'silent when /bin/sh is what the link points to', why: 'that leaves /bin/sh as it is' },
    { code: 'DL4005', what: 'silent for BusyBox and dash', why: 'they are what /bin/sh is meant to be' },
  ],
  *check({ commands }) {
    for (const { command } of commands) {
      if (command.name !== 'ln') continue;
      const operands = command.words.slice(1).filter(({ text }) => !text.startsWith('-'));
      const link = operands.at(-1);
      if (!link || !/^(\/usr)?\/bin\/sh$/.test(link.text)) continue;
      const shell = programName(operands[0]?.text ?? '');
      if (!/^(bash|zsh|ksh|mksh|fish)$/.test(shell)) continue;
      yield {
        at: link.span,
        message: `/bin/sh becomes ${shell} for every script of the image`,
        help: `use SHELL ["/bin/${shell}", "-c"] for the build steps that need it`,
      };
    }
  },
});
