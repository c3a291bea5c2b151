import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Group } from './measure.ts';
import { dlint, present, root } from './programs.ts';

/** Lint of thousands of real Dockerfiles; the limit is reading them. undefined when the corpus is not beside the repository. */
export function corpus(rounds: number): Group | undefined {
  const folder = resolve(root, '../shared/corpus');
  if (!existsSync(folder)) return undefined;
  const rows = readFileSync(join(folder, 'index.tsv'), 'utf8').trimEnd().split('\n').slice(1);
  const files = rows.map((row) => join(folder, 'files', row.slice(0, row.indexOf('\t'))));
  const peers = present([
    { program: 'hadolint', name: 'hadolint', command: ['hadolint', '--no-fail', '-f', 'json', ...files] },
  ]);
  return {
    title: 'Lint of the corpus',
    note: `${files.length.toLocaleString('en')} real Dockerfiles, all rules of the recommended preset; the limit is reading them.`,
    rounds,
    notCompared: peers.notCompared,
    work: { files: files.length, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) },
    cases: [
      { name: 'cat', command: ['cat', ...files] },
      // 2 is the answer when one of the files is no text at all; the others are linted all the same.
      {
        name: 'dlint lint -f json',
        command: dlint('lint', '--fail-on', 'never', '-f', 'json', ...files),
        exits: [0, 2],
      },
      {
        name: 'dlint lint -f text',
        command: dlint('lint', '--fail-on', 'never', '-f', 'text', ...files),
        exits: [0, 2],
      },
      ...peers.cases,
    ],
  };
}
