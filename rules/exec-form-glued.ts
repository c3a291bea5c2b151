import { defineRule, entrypointOf, execWords, quoted, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'exec-form-glued',
  category: 'correctness',
  severity: 'error',
  summary: 'an exec form with a whole command line in one string',
  why: 'An exec form has no shell that would split its strings. `["npm start"]` looks for a program whose file name is `npm start`, blank included, and the container ends with "no such file or directory".',
  examples: [
    { bad: 'FROM node:24\nCMD [«"npm start"»]\n', good: 'FROM node:24\nCMD ["npm", "start"]\n' },
    {
      bad: 'FROM alpine:3\nRUN [«"apk add  curl"», "git"]\n',
      good: 'FROM alpine:3\nRUN ["apk", "add", "curl", "git"]\n',
    },
    { bad: 'FROM alpine:3\nENTRYPOINT [«"sh -c \'a b\'"»]\n', note: 'Quotes need a person.' },
    { bad: 'FROM debian:13\nSHELL [«"/bin/bash -c"»]\n', good: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\n' },
    {
      bad: 'FROM alpine:3\nHEALTHCHECK CMD [«"curl -f localhost"»]\n',
      good: 'FROM alpine:3\nHEALTHCHECK CMD ["curl", "-f", "localhost"]\n',
    },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD [«"C:\\\\app\\\\a.exe --run"»]\n',
      good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD ["C:\\\\app\\\\a.exe", "--run"]\n',
    },
    { good: 'FROM alpine:3\nENTRYPOINT ["sh", "-c"]\nCMD ["npm start"]\n', note: 'CMD is what ENTRYPOINT gets.' },
    { good: 'FROM alpine:3 AS a\nENTRYPOINT ["echo"]\nFROM a\nCMD ["Hello World"]\n' },
    { good: 'FROM alpine:3\nRUN ["sh", "-c", "npm start"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT ["C:/Program Files v1.2/a.exe", "-x"]\nCMD ["C:\\\\My App\\\\b"]\n' },
    { good: 'FROM alpine:3\nENTRYPOINT ["/opt/My App/run"]\nCMD [""]\n' },
    { good: 'FROM debian:13\nCMD [" ls "]\n' },
    { bad: 'FROM debian:13\nCMD [«"/a/b c"», "x"]\n', good: 'FROM debian:13\nCMD ["/a/b", "c", "x"]\n' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const [first] = execWords(step) ?? [];
      const parts = first?.text.trim().split(/\s+/) ?? [];
      if (!first || parts.length < 2 || !isCommandLine(parts) || entrypointOf(step)) continue;
      const isPlain = !/["'`$\\|&;<>()*?]/.test(first.text.replace(windowsPath, ''));
      const fix = {
        title: 'Split it into words',
        safe: false,
        edits: [replace(first, parts.map((part) => JSON.stringify(part)).join(', '))],
      };
      yield {
        at: first.span,
        message: `${step.instruction.keyword} looks for a program that is called ${quoted(first.text)}`,
        help: 'write every word as a string of its own',
        ...(isPlain ? { fix } : {}),
      };
    }
  },
});

const windowsPath = /^([A-Za-z]:)?[\\/]\S*?\.(exe|cmd|bat|com)(?=\s)/i;

/** A path may have blanks in it: on Windows until the `.exe`, elsewhere when the text goes on like a path. */
function isCommandLine([program = '', next = '']: readonly string[]): boolean {
  if (/^[A-Za-z]:[\\/]|^\\/.test(program)) return /\.(exe|cmd|bat|com)$/i.test(program);
  return !program.includes('/') || !/^[^-/][^/]*\//.test(next);
}
