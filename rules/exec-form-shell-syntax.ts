import { defineRule, entrypointOf, execWords, programName, type Step, type Word } from '../src/lint/rule.ts';

export default defineRule({
  id: 'exec-form-shell-syntax',
  category: 'correctness',
  severity: 'error',
  summary: 'shell syntax in an exec form',
  why: 'An exec form has no shell. `&&`, `|` and `>` are arguments like any other there: the first program gets them all, and the second one never runs.',
  examples: [
    {
      bad: 'FROM alpine:3\nCMD ["migrate", «"&&"», "serve"]\n',
      good: 'FROM alpine:3\nCMD ["sh", "-c", "migrate && exec serve"]\n',
    },
    { bad: 'FROM alpine:3\nENTRYPOINT ["app", «">"», "/log"]\n' },
    { bad: 'FROM alpine:3\nRUN ["app", «"2>&1"»]\nHEALTHCHECK CMD ["curl", "localhost", «"||"», "exit", "1"]\n' },
    { bad: 'FROM alpine:3\nCMD ["app", «">>/var/log/app.log"»]\n' },
    {
      bad: 'FROM alpine:3\nCMD ["sh", "-c", "a", «"&&"», "b"]\n',
      note: 'Only the first string behind -c is the script.',
    },
    { bad: 'FROM alpine:3\nCMD [«"cd"», "/app"]\n' },
    { bad: 'FROM alpine:3\nRUN [«"source"», "x"]\n' },
    { good: 'FROM alpine:3\nCMD ["sh", "-c", "a && b > c"]\n' },
    { good: 'FROM alpine:3\nRUN ["find", ".", "-exec", "rm", "{}", ";"]\nRUN ["expr", "1", "|", "0"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT ["ssh", "host"]\nCMD ["a", "|", "b"]\n' },
    { good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN ["cmd", "/c", "a", "&&", "b"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT ["git"]\nCMD ["source"]\n', note: 'An argument, not a program.' },
    { good: 'FROM alpine:3\nRUN ["[", "-f", "/a", "]"]\nCMD ["a", "--x=>y", "<none>"]\n' },
    { good: 'FROM alpine:3\nCMD cd /app && serve\n' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const words = execWords(step) ?? [];
      const [first] = words;
      if (!first) continue;
      const entrypoint = entrypointOf(step);
      if (!entrypoint && lonely.test(first.text)) {
        yield {
          at: first.span,
          message: `${first.text} is a command of the shell, and there is no shell here`,
          help: help(step),
        };
      }
      const operator = isRead([...((entrypoint && execWords(entrypoint)) ?? []), ...words])
        ? undefined
        : words.find(({ text }) => operators.test(text));
      if (!operator) continue;
      const { span, text } = operator;
      yield {
        at: span,
        message: `an exec form has no shell: ${text} is an argument of ${first.text}`,
        help: help(step),
      };
    }
  },
});

const operators = /^(&&|\|\|?|&|;|(\d|&)?(>>?|<)(&[\d-]|\/[\w./-]*)?)$/;
/** Commands that cannot be programs: what they change is the shell itself. */
const lonely = /^(cd|source|\.|exec|eval|export|alias)$/;
/** Programs that mean something by such words, or hand them to a shell. */
const readers = /^(find|expr|test|\[|ssh|cmd|powershell|pwsh|watch|eval|xargs|nsenter|wsl|concurrently|parallel)$/;

function isRead(words: readonly Pick<Word, 'text'>[]): boolean {
  return words.some(({ text }) => readers.test(programName(text)));
}

function help({ instruction }: Step): string {
  return `use the shell form, or a shell: ${instruction.keyword} ["sh", "-c", "…"]`;
}
