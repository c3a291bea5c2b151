import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Group } from './measure.ts';
import { dlint, present, root } from './programs.ts';

/** From nothing to the answer on small input, beside a Node that does nothing. */
export function startup(scratch: string, rounds: number): Group {
  const empty = join(scratch, 'empty.cjs');
  writeFileSync(empty, '');
  const dockerfile = join(root, 'examples/app/Dockerfile');
  const image = join(root, 'examples/app/image.tar');
  const peers = present([
    { program: 'hadolint', name: 'hadolint Dockerfile', command: ['hadolint', '--no-fail', dockerfile] },
    {
      program: 'dive',
      name: 'dive --ci image.tar',
      command: ['dive', '--ci', `docker-archive://${image}`],
      exits: [0, 1],
    },
    {
      program: 'syft',
      name: 'syft image.tar',
      command: ['syft', '-q', `docker-archive:${image}`, '-o', 'cyclonedx-json'],
    },
  ]);
  const bar = 3.5;
  return {
    title: 'Start-up',
    note: 'The sample of `examples/app`; the limit is `node` with an empty file.',
    rounds,
    notCompared: peers.notCompared,
    cases: [
      { name: 'node empty.cjs', command: [process.execPath, empty] },
      { name: 'dlint lint Dockerfile', command: dlint('lint', '--fail-on', 'never', dockerfile), bar: 1.5 },
      { name: 'dlint --version', command: dlint('--version'), bar },
      { name: 'dlint --help', command: dlint('--help'), bar },
      { name: 'dlint rules', command: dlint('rules'), bar },
      { name: 'dlint inspect image.tar', command: dlint('inspect', image), bar },
      { name: 'dlint sbom image.tar', command: dlint('sbom', image), bar },
      ...peers.cases,
    ],
  };
}
