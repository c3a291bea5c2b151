import { defineRule, replace, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'nested-workdir',
  aliases: ['DL3000'],
  category: 'style',
  mentions: ['workdir'],
  severity: 'off',
  presets: { hadolint: 'error' },
  summary: 'a WORKDIR relative to an earlier one',
  why: 'Where it leads is only seen by reading all WORKDIRs above it, those of earlier stages included; whoever moves one of them moves this one, too.',
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nWORKDIR «src»\nWORKDIR «../test»\n',
      good: 'FROM node:22\nWORKDIR /app\nWORKDIR /app/src\nWORKDIR /app/test\n',
    },
    { bad: 'FROM node:22 AS a\nWORKDIR /app\nFROM a\nENV D=src\nWORKDIR «$D»\n' },
    { bad: 'FROM node:22\nWORKDIR $X\nWORKDIR «"a b"»\n' },
    { good: 'FROM node:22\nWORKDIR src\n', note: 'This is `relative-workdir`.' },
    { good: 'FROM node:22\nWORKDIR /app\nWORKDIR /app/src\nWORKDIR $X\nONBUILD WORKDIR src\n' },
    { good: 'FROM node:22\nWORKDIR C:\\a\nWORKDIR C:\\a\\b\n' },
    { good: 'FROM node:22 AS a\nFROM a\nWORKDIR src\n', note: 'This is `relative-workdir`.' },
  ],
  *check({ stages }) {
    const settled = new Set<Stage>();
    for (const stage of stages) {
      let isSettled = stage.base.kind === 'stage' && settled.has(stage.base.stage);
      for (const { instruction, deferred, index, expand } of stage.steps) {
        const word = instruction.keyword === 'WORKDIR' && !deferred ? instruction.words[0] : undefined;
        if (!word) continue;
        const { text } = expand(word.raw);
        const isNested = isSettled && text !== undefined && !/^(?:[/\\]|[A-Za-z]:|$)/.test(text);
        isSettled = true;
        if (!isNested) continue;
        const next = stage.steps[index + 1];
        const whole = next ? next.workdir : stage.workdir;
        const isPlain = whole !== undefined && !word.raw.includes('$') && /^[\w./@+-]+$/.test(whole);
        const fix = isPlain && { title: `Write ${whole}`, edits: [replace(word, whole)] };
        yield {
          at: word.span,
          message: `${text} is relative to an earlier WORKDIR`,
          help: `write the whole path${whole === undefined ? '' : `: ${whole}`}`,
          ...(fix ? { fix } : {}),
        };
      }
      if (isSettled) settled.add(stage);
    }
  },
});
