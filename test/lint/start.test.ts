import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/lint/fix.ts';
import { insertInstruction } from '../../src/lint/insert-instruction.ts';
import { parse } from '../../src/lint/parse.ts';
import { superseded } from '../../src/lint/semantic/start.ts';
import { analyze } from '../../src/lint/semantic.ts';
import { removeLines } from '../../src/lint/spans.ts';

function modelOf(text: string) {
  return analyze(parse({ path: 'Dockerfile', text }));
}

function startOf(text: string, keyword: 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK'): string | undefined {
  const { finalStage } = modelOf(text);
  const step = finalStage?.start[keyword];
  return step && text.slice(step.instruction.span.start, step.instruction.span.end);
}

describe('what a container starts', () => {
  it('is the last of its stage, or inherited', () => {
    expect(startOf('FROM a:1 AS b\nCMD x\nCMD y\nFROM b AS c\nFROM c\n', 'CMD')).toBe('CMD y');
    expect(startOf('FROM a:1 AS b\nENTRYPOINT x\nFROM b\nCMD y\n', 'ENTRYPOINT')).toBe('ENTRYPOINT x');
    expect(startOf('FROM a:1 AS b\nHEALTHCHECK NONE\nFROM a:1\n', 'HEALTHCHECK')).toBeUndefined();
    expect(startOf('FROM a:1\nONBUILD CMD x\n', 'CMD')).toBeUndefined();
  });

  it('loses an inherited CMD to an ENTRYPOINT', () => {
    expect(startOf('FROM a:1 AS b\nCMD x\nFROM b\nENTRYPOINT y\n', 'CMD')).toBeUndefined();
    expect(startOf('FROM a:1 AS b\nCMD x\nENTRYPOINT y\nFROM b\n', 'CMD')).toBe('CMD x');
  });

  it('counts in one stage', () => {
    const [stage] = modelOf('FROM a:1\nCMD x\nONBUILD CMD o\nCMD y\nCMD z\n').stages;
    if (!stage) throw new Error('no stage');
    expect(superseded(stage, 'CMD').map(({ step, by }) => [step.index, by.index])).toEqual([
      [0, 3],
      [2, 3],
    ]);
    expect(superseded(stage, 'ENTRYPOINT')).toEqual([]);
    expect(stage.start.CMD?.index).toBe(3);
  });

  it('is found through thousands of stages', () => {
    const stages = Array.from({ length: 3000 }, (_, i) => `FROM s${i} AS s${i + 1}\n`).join('');
    const { finalStage } = modelOf(`FROM a:1 AS s0\nCMD x\n${stages}`);
    if (!finalStage) throw new Error('no stage');
    expect(finalStage.start.CMD?.stage.index).toBe(0);
    expect(finalStage.root).toMatchObject({ kind: 'image', image: { text: 'a:1' } });
  });
});

describe('edits of whole instructions', () => {
  it.each([
    ['FROM a:1\n# why\n  # more\n  RUN x\n', 'FROM a:1\nUSER b\n# why\n  # more\n  RUN x\n'],
    ['FROM a:1\n# far\n\nRUN x\n', 'FROM a:1\n# far\n\nUSER b\nRUN x\n'],
    ['FROM a:1\r\nRUN x\r\n', 'FROM a:1\r\nUSER b\r\nRUN x\r\n'],
  ])('insert above comments: %j', (text, expected) => {
    const dockerfile = parse({ path: 'Dockerfile', text });
    const run = dockerfile.instructions.find(({ keyword }) => keyword === 'RUN');
    if (!run) throw new Error('no RUN');
    expect(applyEdits(text, [insertInstruction(dockerfile, run, 'USER b')])).toBe(expected);
  });

  it.each([
    ['FROM a:1\n  CMD x \\\n  y  \nRUN z\n', 'FROM a:1\nRUN z\n'],
    ['FROM a:1\r\nCMD x\r\n\r\n', 'FROM a:1\r\n\r\n'],
    ['FROM a:1\nCMD x', 'FROM a:1\n'],
  ])('remove with their line end: %j', (text, expected) => {
    const cmd = parse({ path: 'Dockerfile', text }).instructions[1];
    if (!cmd) throw new Error('no CMD');
    expect(applyEdits(text, [removeLines(text, cmd)])).toBe(expected);
  });
});
