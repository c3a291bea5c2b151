import { defineRule, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'cmd-ignored',
  category: 'correctness',
  severity: 'warning',
  summary: 'a CMD that an ENTRYPOINT in shell form ignores',
  why: 'An ENTRYPOINT in shell form becomes `/bin/sh -c "…"`. CMD and the arguments of `docker run` are appended behind that and reach nobody: the container starts as if there were none.',
  examples: [
    { bad: 'FROM alpine:3\nENTRYPOINT app --serve\n«CMD» ["--port", "80"]\n' },
    { bad: 'FROM alpine:3\n«CMD» --port 80\nENTRYPOINT exec app\n' },
    { bad: 'FROM alpine:3 AS base\nENTRYPOINT app\nFROM base\n«CMD» ["--port"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT ["app"]\nCMD ["--port", "80"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT exec app "$@"\nCMD ["--port", "80"]\n', note: '`$@` is what CMD appends.' },
    { good: 'FROM alpine:3\nENTRYPOINT app $0 ${1:-x}\nCMD ["--port"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT app\nCMD []\n', note: 'That takes away the CMD of the base image.' },
    {
      good: 'FROM alpine:3 AS base\nCMD ["--port"]\nFROM base\nENTRYPOINT app\n',
      note: 'An ENTRYPOINT takes away an inherited CMD.',
    },
    { good: 'FROM alpine:3\nONBUILD CMD ["x"]\nENTRYPOINT app\n' },
    { good: 'FROM alpine:3\nENTRYPOINT [\'app\']\nCMD ["x"]\n', note: 'Rule invalid-exec-form tells of this.' },
    {
      good: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nENTRYPOINT app.exe\nCMD ["x"]\n',
      note: 'On Windows, cmd and PowerShell take what is appended.',
    },
  ],
  *check({ stages }) {
    for (const stage of stages) {
      const { CMD: cmd, ENTRYPOINT: entrypoint } = stage.start;
      if (cmd?.stage !== stage || !entrypoint || !isDeaf(entrypoint) || isEmpty(cmd)) continue;
      yield {
        at: cmd.instruction.keywordSpan,
        message: 'the ENTRYPOINT is in shell form and ignores this CMD',
        help: 'write the ENTRYPOINT in exec form: ENTRYPOINT ["program", "argument"]',
      };
    }
  },
});

/** A shell form that does nothing with its positional parameters. */
function isDeaf({ instruction, script, stage }: Step): boolean {
  if (instruction.keyword !== 'ENTRYPOINT' || stage.os === 'windows') return false;
  const text = script?.text?.text ?? '';
  return !/^\s*(\[\s*["'“‘]|$)/.test(text) && !/\$\{?[@*#0-9]/.test(text);
}

function isEmpty({ instruction }: Step): boolean {
  return instruction.keyword === 'CMD' && instruction.form === 'exec' && instruction.words.length === 0;
}
