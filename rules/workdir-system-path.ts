import { defineRule, expandWord, quoted, resolveWorkdir } from '../src/lint/rule.ts';

export default defineRule({
  id: 'workdir-system-path',
  aliases: ['DS-0030'],
  category: 'security',
  mentions: ['workdir'],
  severity: 'warning',
  summary: 'WORKDIR is a folder of the kernel or of the boot loader',
  why: 'What lies under /proc, /sys and /dev belongs to the kernel: files written there in a build are not in the image, and a program that works there from a relative path reads and writes settings of the machine.',
  examples: [
    { bad: 'FROM debian:13\nWORKDIR «/proc/1»\n', good: 'FROM debian:13\nWORKDIR /app\n', fixed: false },
    { bad: 'FROM debian:13\nWORKDIR «/dev»\nWORKDIR «shm»\n' },
    {
      bad: 'FROM debian:13\nENV D=/sys\nWORKDIR «$D/x»\nONBUILD WORKDIR «"/boot/"»\nWORKDIR «/lost+found»\nWORKDIR «/initrd»\n',
    },
    { good: 'FROM debian:13\nWORKDIR /development\nWORKDIR /app/proc\nWORKDIR $X\nWORKDIR /etc/app\n' },
    { good: 'FROM debian:13\nWORKDIR /dev/../app\nWORKDIR proc\n' },
  ],
  *check({ steps }) {
    for (const { instruction, env, workdir } of steps) {
      const word = instruction.keyword === 'WORKDIR' ? instruction.words[0] : undefined;
      if (!word) continue;
      const { text } = expandWord(word.raw, { get: (name) => env.get(name)?.value });
      const path = resolveWorkdir(workdir, text) ?? '';
      if (!/^\/(proc|sys|dev|boot|initrd|lost\+found)(\/|$)/.test(path)) continue;
      yield {
        at: word.span,
        message: `${quoted(path)} belongs to the system, not to the image`,
        help: 'use a folder of its own: WORKDIR /app',
      };
    }
  },
});
