import { type Command, defineRule, fileMode } from '../src/lint/rule.ts';

export default defineRule({
  id: 'setuid',
  category: 'security',
  mentions: ['chmod', 'install'],
  severity: 'info',
  presets: { strict: 'warning' },
  summary: 'a program gets the set-user-ID bit',
  why: 'A program with this bit runs as its owner, mostly root, whoever starts it. Every hole in it makes an unprivileged user root. Where a program needs to open a port or send a ping, a capability is enough.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN chmod «u+s» /bin/ping && chmod «4755» /a\n',
      good: 'FROM debian:13\nRUN setcap cap_net_raw+ep /bin/ping\n',
    },
    {
      bad: 'FROM debian:13\nRUN chmod «ug+s» /usr/sbin/fping; chmod «6711» /a; install -m «4755» a /b && chmod «+s» /b\n',
    },
    { bad: 'FROM debian:13\nCOPY --chmod=«4755» a /a\n' },
    {
      good: 'FROM debian:13\nRUN chmod g+s /srv && chmod =2775 /srv && chmod u-s /bin/su && chmod 0755 /a && chmod 1777 /tmp\n',
      note: 'On folders the group bit hands on the group.',
    },
    {
      good: 'FROM debian:13\nRUN find / -perm 4755 -exec chmod a-s {} +; echo u+s; mkdir -m 4755 a\nCOPY --chmod=0755 a /a\n',
    },
    { good: 'FROM debian:13 AS build\nRUN chmod u+s /a\nFROM debian:13\n' },
    { good: 'FROM debian:13\nCMD chmod u+s /a\n' },
    { bad: 'FROM debian:13\nRUN chmod -v «4755» /a && chmod 755 4755 && install -m\n' },
    { bad: 'FROM debian:13\nCOPY --chmod=«4755» a /a\n' },
  ],
  *check({ steps }) {
    for (const { instruction, stage, commands } of steps) {
      if (!stage.isShipped) continue;
      const flag = instruction.flags.find(({ name }) => name === 'chmod');
      if (flag?.value !== undefined && setsUser(flag.value)) yield problem(flag.valueSpan ?? flag.span);
      if (instruction.keyword !== 'RUN') continue;
      for (const command of commands) {
        const word = modeWord(command);
        if (word && setsUser(word.text)) yield problem(word.span);
      }
    }
  },
});

function problem(at: { start: number; end: number }): { at: typeof at; message: string; help: string } {
  return {
    at,
    message: 'whoever starts this program gets the rights of its owner',
    help: 'leave the bit away; for a port or a raw socket a capability is enough: setcap',
  };
}

function modeWord({ name, words }: Command): Command['words'][number] | undefined {
  if (name === 'chmod') return words.find(({ text }) => fileMode(text) !== undefined);
  return name === 'install' ? words[words.findIndex(({ text }) => text === '-m') + 1] : undefined;
}

/** Of the user: the bit of the group alone is for folders. */
function setsUser(mode: string): boolean {
  if (!fileMode(mode)?.setsId) return false;
  const digits = mode.replace('=', '');
  return /\d/.test(digits) ? (Number.parseInt(digits, 8) & 0o4000) !== 0 : !/^g\+/.test(mode);
}
