import { defineRule, entrypointOf, execWords, programName, type Step, type Word } from '../src/lint/rule.ts';

export default defineRule({
  id: 'exec-form-variable',
  category: 'correctness',
  severity: 'warning',
  summary: 'a variable in an exec form, which nobody fills in',
  why: 'An exec form has no shell: the program gets the text `$HOME`, dollar sign included. Neither ENV nor ARG nor the environment of `docker run` changes that.',
  examples: [
    { bad: 'FROM alpine:3\nCMD ["echo", "«$HOME»"]\n', good: 'FROM alpine:3\nCMD ["sh", "-c", "echo $HOME"]\n' },
    { bad: 'FROM alpine:3\nENV PORT=80\nENTRYPOINT ["app", "--port=«${PORT:-80}»", "$(date)"]\n' },
    { bad: 'FROM alpine:3\nENTRYPOINT ["«${APP}»/bin/run", "«$@»"]\n' },
    { bad: 'FROM alpine:3\nRUN ["/usr/bin/env", "A=1", "rm", "-rf", "«$DIR»"]\n' },
    { bad: 'FROM alpine:3\nHEALTHCHECK CMD ["curl", "localhost:«$PORT»"]\n' },
    { good: 'FROM alpine:3\nCMD ["sh", "-c", "echo $HOME"]\nENTRYPOINT ["tini", "--", "/bin/bash", "-c", "$X"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT ["sh", "-c"]\nCMD ["echo $HOME"]\n' },
    { good: 'FROM alpine:3\nRUN ["sed", "s/$X/y/"]\nRUN ["awk", "{print $NF}"]\n' },
    { good: 'FROM alpine:3\nCMD ["java", "-jar", "a.jar", "--server.port=${PORT}"]\n', note: 'Spring fills it in.' },
    { good: 'FROM alpine:3\nCMD ["app", "\\\\$HOME", "cost: 5$", "$1"]\n' },
    { good: 'FROM alpine:3\nSHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]\n' },
    { good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN ["powershell.exe", "$env:X = $true"]\n' },
    {
      bad: 'FROM alpine:3\nCMD ["echo", «"\\u0024HOME"»]\nRUN ["echo", «"\\u0024HOME"», "«$HOME»"]\n',
      note: 'An escaped dollar sign.',
    },
  ],
  *check({ steps, dockerfile: { source } }) {
    for (const step of steps) {
      const { instruction } = step;
      const words = execWords(step) ?? [];
      if (words.length === 0 || isRead(step, words)) continue;
      for (const word of words) {
        const variable = pattern.exec(word.text)?.[1];
        if (variable === undefined) continue;
        const at = source.text.indexOf(variable, word.span.start);
        const isPlain = at >= 0 && at < word.span.end;
        yield {
          at: isPlain ? { start: at, end: at + variable.length } : word.span,
          message: `an exec form does not fill in ${variable}`,
          help: `use the shell form, or a shell: ${instruction.keyword} ["sh", "-c", "exec …"]`,
        };
      }
    }
  },
});

const pattern = /(?<!\\)(\$(?:[A-Za-z_]\w*(?![\w:])|\{[A-Za-z_]\w*(?::?[-+?=][^{}]*)?\}|@))/;

/** Programs that read `$` themselves, in scripts or templates. */
const readers =
  /^(sh|dash|ash|bash|zsh|ksh|fish|powershell|pwsh|cmd|awk|gawk|mawk|sed|perl|ruby|python[\d.]*|node|php|expect|tclsh|make|envsubst|jq|yq|psql|mysql|mongo|mongosh|java|ssh|su|grep|egrep|find|eval|gomplate|dockerize|confd|runuser|watchexec|nodemon|supervisord|s6-setuidgid)$/;

/** Whether some word names a program that fills in variables itself: the first, or one that a wrapper starts. */
function isRead(step: Step, words: readonly Word[]): boolean {
  const entrypoint = entrypointOf(step);
  const before = entrypoint ? (execWords(entrypoint) ?? [{ text: 'sh' }]) : [];
  return [...before, ...words].some(({ text }) => readers.test(programName(text)));
}
