import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defineRule } from '../../src/lint/rule.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { lintFiles } from '../../src/lint-files.ts';
import { chooseAlways } from '../support/choose.ts';
import { folder } from '../support/cli.ts';

let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({
    'a/Dockerfile': 'FROM a\n',
    'b/Dockerfile': 'FROM b\n',
    'c/Dockerfile': 'FROM c\nRUN x\n',
  }));
});
afterAll(() => remove());

const broken = (id: string, isBroken: (steps: number) => boolean) =>
  defineRule({
    id,
    category: 'style',
    severity: 'warning',
    summary: 'breaks down',
    why: 'It is made to.',
    examples: [],
    check({ steps }) {
      if (isBroken(steps.length)) throw new Error(`${id} is broken`);
      return [];
    },
  });

it('says once of each rule that it broke down, and on how many files', async () => {
  const { errors } = await lintFiles([cwd], {
    choose: chooseAlways(ruleSet([broken('everywhere', () => true), broken('on-one', (steps) => steps > 0)])),
    repair: 'no',
    unsafe: false,
    stdinName: '-',
  });
  expect(errors.map(({ error }) => error.message)).toEqual([
    `rule everywhere broke down on 3 files, first on ${join(cwd, 'a/Dockerfile')}; the other rules went on`,
    `rule on-one broke down on ${join(cwd, 'c/Dockerfile')}; the other rules went on`,
  ]);
  expect(errors.map(({ error }) => error.where)).toEqual([
    expect.stringContaining('everywhere is broken'),
    expect.stringContaining('on-one is broken'),
  ]);
});
