import { closest, defineRule, expandWord, quoted, replace, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'stopsignal-invalid',
  category: 'correctness',
  mentions: ['stopsignal'],
  severity: 'error',
  summary: 'STOPSIGNAL names no signal',
  why: 'The build stops at a signal that does not exist. A number that no signal has passes the build, and `docker stop` fails instead.',
  examples: [
    { bad: 'FROM alpine:3\nSTOPSIGNAL «SIGTREM»\n', good: 'FROM alpine:3\nSTOPSIGNAL SIGTERM\n' },
    {
      bad: 'FROM alpine:3\nSTOPSIGNAL «quti»\nSTOPSIGNAL «0»\nSTOPSIGNAL «65»\n',
      good: 'FROM alpine:3\nSTOPSIGNAL SIGQUIT\nSTOPSIGNAL 15\nSTOPSIGNAL 64\n',
      fixed: false,
    },
    { bad: 'FROM alpine:3\nARG S=SIGTREM\nSTOPSIGNAL «$S»\nSTOPSIGNAL «SIGRTMIN+16»\nONBUILD STOPSIGNAL «SIG»\n' },
    {
      good: 'FROM alpine:3\nSTOPSIGNAL SIGQUIT\nSTOPSIGNAL int\nSTOPSIGNAL 9\nSTOPSIGNAL SIGRTMIN+3\nSTOPSIGNAL RTMAX-14\n',
    },
    { good: 'FROM alpine:3\nARG S=SIGINT\nARG T\nSTOPSIGNAL $S\nSTOPSIGNAL ${T}\nSTOPSIGNAL "SIGINT"\n' },
    { good: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nSTOPSIGNAL what\n', note: 'Windows has no signals.' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const { instruction, stage } = step;
      const word = instruction.keyword === 'STOPSIGNAL' ? instruction.words[0] : undefined;
      const value = word && signalText(word.raw, step);
      if (!word || value === undefined || stage.os === 'windows' || isSignal(value)) continue;
      const near = /^\d*$/.test(value) || word.raw.includes('$') ? undefined : nearest(value);
      yield {
        at: word.span,
        message: `there is no signal ${quoted(value)}`,
        help: near
          ? `did you mean ${near}?`
          : 'use a name such as SIGTERM, SIGINT or SIGQUIT, or a number from 1 to 64',
        ...(near ? { fix: { title: `Write ${near}`, safe: false, edits: [replace(word, near)] } } : {}),
      };
    }
  },
});

/** signal(7), in the order of their numbers, then the names that are second ones. */
const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS CLD IOT POLL UNUSED RTMIN RTMAX'.split(
    ' ',
  );

/** With variables filled in; undefined when they cannot be known. */
function signalText(raw: string, { env }: Step): string | undefined {
  const { text, unmatched, error } = expandWord(raw, { get: (name) => env.get(name)?.value });
  return error || unmatched.length > 0 ? undefined : text;
}

/** As `ParseSignal` of github.com/moby/sys/signal reads it; the real-time signals are 34 to 64 with glibc. */
function isSignal(value: string): boolean {
  if (/^\d+$/.test(value)) return Number(value) >= 1 && Number(value) <= 64;
  const name = value.toUpperCase().replace(/^SIG/, '');
  return names.includes(name) || /^RTMIN\+([1-9]|1[0-5])$/.test(name) || /^RTMAX-([1-9]|1[0-4])$/.test(name);
}

function nearest(value: string): string | undefined {
  const near = closest(value.toUpperCase().replace(/^SIG/, ''), names);
  return near && `SIG${near}`;
}
