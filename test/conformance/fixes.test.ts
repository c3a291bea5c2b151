import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { type Fault, repairFaults } from '../support/repairs.ts';
import { shared } from '../support/shared.ts';

const root = shared('corpus/files');

/** Every file takes minutes: `npm run test:full`. Otherwise every twelfth. */
const step = process.env.DLINT_WHOLE_CORPUS ? 1 : 12;

/** Fixes that bring to light what is true, one by one. */
const exceptions: readonly { readonly fix: string; readonly finds: string; readonly why: string }[] = [
  {
    fix: 'invalid-exec-form',
    finds: 'exec-form-glued',
    why: 'a string is one only in valid JSON; before, it was part of a shell command',
  },
  {
    fix: 'pip-cache',
    finds: 'package-cache-mount',
    why: 'reported once for a RUN, at its first command with a cache: when pip keeps none, that is another one',
  },
  {
    fix: 'copy-before-install',
    finds: 'package-cache-mount',
    why: 'a RUN that is split in two downloads in one and builds in the other',
  },
  { fix: 'apt-lists', finds: 'sudo', why: 'removes the lists as the user who brought them' },
  { fix: 'install-without-update', finds: 'sudo', why: 'updates as the user who installs' },
  { fix: 'npm-cache', finds: 'sudo', why: 'removes the cache as the user who filled it' },
  {
    fix: 'npm-cache',
    finds: 'unused-ignore',
    why: 'a RUN of two commands is none that consecutive-run finds, so its ignore comment can go',
  },
];

describe.skipIf(!root)('the fixes of all rules, on real files', () => {
  const set = ruleSet(rules, { preset: 'all' });
  const paths = root
    ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];
  const files = paths.map(({ parentPath, name }) => join(parentPath, name)).sort();
  let results: ReturnType<typeof repairFaults>[] = [];

  beforeAll(() => {
    const chosen = files.filter((_, i) => i % step === 0);
    results = chosen.map((path) => repairFaults(relative(root as string, path), readFileSync(path, 'utf8'), set));
  }, 30 * 60_000);

  it('are many', () => {
    const fixes = results.reduce((sum, each) => sum + each.fixes, 0);
    expect(fixes).toBeGreaterThan(results.length);
  });

  it('mend what they should and break nothing', () => {
    const faults = results.flatMap((each) => each.faults).filter((fault) => !isException(fault));
    expect(faults).toEqual([]);
  });
});

function isException({ by, finds }: Fault): boolean {
  return exceptions.some((each) => each.finds === finds && by.includes(each.fix));
}
