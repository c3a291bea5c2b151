import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandSpecs } from '../../src/flags.ts';
import { DEFAULT_LIMITS, readLimits } from '../../src/layers/limit-table.ts';
import { LIMITS, raise } from '../../src/layers/limits.ts';
import { dlint } from '../support/cli.ts';
import { temporaryFolder } from '../support/images.ts';

const image = resolve(import.meta.dirname, '../../examples/app/image.tar');

describe('--limit', () => {
  test.each([
    ['entries=3', 'entries=6', /more than 3 members/],
    ['layers=2', 'layers=10', /10 layers/],
    ['jsonBytes=1KiB', 'jsonBytes=', /bytes of JSON; 1024 are read/],
    ['imageEntries=4', 'imageEntries=8', /more than 4 entries/],
  ])('%s is reached: the error says %s…', (limit, advice, message) => {
    const { status, stderr, stdout } = dlint(['inspect', image, '--limit', limit]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`raise the bound: --limit ${advice}`);
  });

  test('following the advice leads through', () => {
    const flags: string[] = [];
    for (let i = 0; i < 20; i++) {
      const env = { DLINT_LIMITS: 'entries=2,layers=1' };
      const { status, stderr } = dlint(['check', image, '--fail-on', 'never', ...flags], { env });
      if (status === 0) break;
      const limit = /--limit (\S+)/.exec(stderr.replace(/\n\s+/g, ' '))?.[1];
      flags.push('--limit', limit as string);
    }
    expect(flags).toContain('layers=10');
    expect(flags.length).toBeLessThan(40);
  });

  test('the flag wins over the environment, threads and all', () => {
    const env = { DLINT_LIMITS: 'inflatedBytes=10' };
    const input = ['inspect', image, '-f', 'csv', '--limit', 'inflatedBytes=1GiB'];
    expect(dlint(input, { env })).toMatchObject({ status: 0, stderr: '' });
  });

  test.each(['none=1', 'entries', 'entries=many', 'entries=1TiB'])('refuses %s', (value) => {
    const { status, stderr } = dlint(['cat', image, 'etc/passwd', '--limit', value], { cwd: temporaryFolder() });
    expect(status).toBe(2);
    expect(stderr).toContain(`--limit cannot have ${value}`);
  });

  test('every command that opens images has it', () => {
    const opening = Object.entries(commandSpecs).filter(([, { args }]) => /archive/i.test(JSON.stringify(args)));
    expect(opening.map(([id, { flags }]) => [id, 'limit' in flags])).toEqual(opening.map(([id]) => [id, true]));
    expect(opening.length).toBeGreaterThan(4);
  });
});

test('what is advised is at least twice the bound, in units that are read', () => {
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof typeof DEFAULT_LIMITS)[]) {
    const advice = /--limit (\S+)/.exec(raise(name, LIMITS, 3))?.[1] as string;
    expect(readLimits(advice, 'x')).toEqual({ [name]: 2 * LIMITS[name] });
  }
  expect(raise('jsonBytes', { jsonBytes: 10 }, 12345)).toContain('jsonBytes=12345');
  expect(raise('inflatedBytes', { inflatedBytes: 64 })).toBe(
    'inflatedBytes=64 is 64 bytes; with a unit it is more: --limit inflatedBytes=64MiB',
  );
});
