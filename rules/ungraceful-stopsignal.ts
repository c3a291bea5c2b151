import { defineRule, expandWord, replace, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'ungraceful-stopsignal',
  category: 'correctness',
  mentions: ['stopsignal'],
  severity: 'warning',
  summary: 'STOPSIGNAL is a signal that no program can handle',
  why: 'SIGKILL and SIGSTOP never reach the program. With the first, `docker stop` cuts off every request and transaction at once; with the second, the program freezes until the ten seconds of grace are over, and is killed then.',
  examples: [
    { bad: 'FROM alpine:3\nSTOPSIGNAL «SIGKILL»\n', good: 'FROM alpine:3\nSTOPSIGNAL SIGTERM\n' },
    {
      bad: 'FROM alpine:3\nARG S=9\nSTOPSIGNAL «$S»\nONBUILD STOPSIGNAL «stop»\nSTOPSIGNAL «19»\n',
      good: 'FROM alpine:3\nARG S=9\nSTOPSIGNAL SIGTERM\nONBUILD STOPSIGNAL SIGTERM\nSTOPSIGNAL SIGTERM\n',
    },
    { good: 'FROM alpine:3\nSTOPSIGNAL SIGQUIT\nSTOPSIGNAL 2\nSTOPSIGNAL SIGRTMIN+3\n' },
    { good: 'FROM alpine:3\nARG S\nSTOPSIGNAL $S\n' },
    {
      good: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nSTOPSIGNAL SIGKILL\n',
      note: 'Windows has no signals.',
    },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const { instruction, stage } = step;
      const word = instruction.keyword === 'STOPSIGNAL' ? instruction.words[0] : undefined;
      if (!word || stage.os === 'windows') continue;
      const name = signalName(word.raw, step);
      if (!name) continue;
      yield {
        at: word.span,
        message: `no program can handle ${name}`,
        help: 'use SIGTERM, which is the default, or what the program takes for a clean end (nginx: SIGQUIT)',
        fix: { title: 'Write SIGTERM', safe: false, edits: [replace(word, 'SIGTERM')] },
      };
    }
  },
});

/** SIGKILL or SIGSTOP, by name or by number; signal(7). */
function signalName(raw: string, { env }: Step): string | undefined {
  const { text } = expandWord(raw, { get: (name) => env.get(name)?.value });
  if (/^((SIG)?KILL|0*9)$/i.test(text)) return 'SIGKILL';
  return /^((SIG)?STOP|0*19)$/i.test(text) ? 'SIGSTOP' : undefined;
}
