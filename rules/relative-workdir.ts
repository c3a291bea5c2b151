import { defineRule, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'relative-workdir',
  aliases: ['DL3000', 'WorkdirRelativePath'],
  category: 'correctness',
  mentions: ['workdir'],
  severity: 'info',

  presets: { hadolint: 'error', buildkit: 'warning' },
  summary: 'a relative WORKDIR with no absolute one before it',
  why: 'It is relative to the WORKDIR of the base image, which this file does not show, and which a new version of the base may move. COPY, RUN and the program that is started then work in another folder.',
  examples: [
    { bad: 'FROM node:22\nWORKDIR «app»\nWORKDIR src\n', good: 'FROM node:22\nWORKDIR /app\nWORKDIR src\n' },
    { bad: 'FROM node:22 AS a\nFROM a\nENV D=app\nWORKDIR «"./$D"»\n' },
    { bad: 'FROM node:22\nARG D\nWORKDIR «app/$D»\nFROM node:22\nWORKDIR «"./${D}/x"»\n' },
    { good: 'FROM node:22\nARG D\nWORKDIR ${D}/app\nFROM node:22\nWORKDIR "$D"\nFROM node:22\nWORKDIR C:/$D\n' },
    { good: 'FROM node:22 AS a\nWORKDIR /app\nFROM a\nWORKDIR src\n' },
    { good: 'FROM node:22\nARG D\nWORKDIR $D\nWORKDIR src\nWORKDIR "/x"\n' },
    {
      good: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:\\app\nFROM node:22\nWORKDIR \\app\n',
    },
    { good: 'FROM node:22\nONBUILD WORKDIR app\n', note: 'The image that is built on this one may have a WORKDIR.' },
  ],
  deviations: [
    {
      code: 'DL3000',
      what: 'a relative WORKDIR behind an absolute one is `nested-workdir`',
      why: 'it is known where it is',
    },
    { code: 'DL3000', what: 'looks through variables', why: '`$DIR` may be relative, or absolute' },
  ],
  *check({ stages }) {
    const settled = new Set<Stage>();
    for (const stage of stages) {
      let isSettled = stage.base.kind === 'stage' && settled.has(stage.base.stage);
      for (const { instruction, deferred, expand } of stage.steps) {
        const word = instruction.keyword === 'WORKDIR' && !deferred ? instruction.words[0] : undefined;
        if (!word || isSettled) continue;
        // Whoever mends the first one mends those that follow.
        isSettled = true;
        const text = expand(word.raw).text ?? knownStart(word.raw);
        if (text === undefined || /^(?:[/\\]|[A-Za-z]:|$)/.test(text)) continue;
        yield {
          at: word.span,
          message: `${text} is relative to the WORKDIR of the base image, whatever that is`,
          help: `write the whole path: /${text.replace(/^(?:\.\/)+/, '')}`,
        };
      }
      if (isSettled) settled.add(stage);
    }
  },
});

/** Of a word with a variable that only the build knows: what it begins with is enough to tell, in `app/$DIR`. */
function knownStart(raw: string): string | undefined {
  const text = raw.replace(/^"(.*)"$/s, '$1');
  return /^[\w.-]+\/[^'"`]*$/.test(text) ? text : undefined;
}
