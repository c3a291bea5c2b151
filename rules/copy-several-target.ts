import { defineRule, insertAfter } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-several-target',
  aliases: ['DL3021'],
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'error' },
  summary: 'several files are copied to what is not marked as a folder',
  why: 'With more than one source the destination has to be a folder, which is said by a slash at its end. Without it, builders refuse the line, or write the files one over the other under one name.',
  examples: [
    {
      bad: 'FROM node:22\nCOPY package.json package-lock.json «/app»\n',
      good: 'FROM node:22\nCOPY package.json package-lock.json /app/\n',
    },
    {
      bad: 'FROM node:22\nWORKDIR /srv\nADD ["a", "b", «"app"»]\n',
      good: 'FROM node:22\nWORKDIR /srv\nADD ["a", "b", "app/"]\n',
    },
    {
      bad: 'FROM node:22\nENV D=/app\nONBUILD COPY --from=0 a b «"$D"»\n',
      good: 'FROM node:22\nENV D=/app\nONBUILD COPY --from=0 a b "$D/"\n',
    },
    {
      bad: 'FROM alpine:3\nCOPY <<A <<B «/dir»\na\nA\nb\nB\n',
      good: 'FROM alpine:3\nCOPY <<A <<B /dir/\na\nA\nb\nB\n',
    },
    { good: 'FROM node:22\nWORKDIR /app\nCOPY a b ./\nCOPY a b .\nCOPY a b ..\n' },
    { good: 'FROM node:22\nARG D\nENV E=/app/\nCOPY a b $D\nCOPY a b $E\nCOPY a /a\n' },
    { good: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY a b C:\\app\\\n' },
  ],
  deviations: [
    { code: 'DL3021', what: 'silent for `.` and `..`', why: 'they are folders, and BuildKit takes them for such' },
    { code: 'DL3021', what: 'silent for variables of unknown value', why: 'the value may end in a slash' },
  ],
  *check({ steps }) {
    for (const { copy, instruction } of steps) {
      if (!copy?.target || copy.sources.length < 2 || copy.targetPath === undefined) continue;
      if (/[/\\]$|(?:^|[/\\])\.\.?$/.test(copy.targetPath)) continue;
      const { span, text } = copy.target;
      const isQuoted = /["']$/.test(copy.target.raw) || ('form' in instruction && instruction.form === 'exec');
      const end = { start: span.start, end: span.end - (isQuoted ? 1 : 0) };
      yield {
        at: span,
        message: `${copy.sources.length} sources go to ${text}, which does not end in a slash`,
        help: `write ${text}/`,
        fix: { title: 'Add the slash', safe: false, edits: [insertAfter(end, '/')] },
      };
    }
  },
});
