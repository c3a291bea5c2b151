import { expect, test } from 'vitest';
import { dlint, folder } from '../support/cli.ts';

test('many files give what each gives alone, in order, and not a word beside', () => {
  const names = Array.from({ length: 25 }, (_, i) => `${10 + i}.Dockerfile`);
  const texts = names.map((name, i) => [name, `FROM debian:13\n${'RUN pip install flask\n'.repeat(i % 3)}`] as const);
  const { path: cwd, remove } = folder(Object.fromEntries(texts));
  try {
    const select = ['--select', 'pip-cache', '-f', 'json', '--fail-on', 'never'];
    const { stdout, stderr, status } = dlint(['lint', '.', ...select], { cwd });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const { files } = JSON.parse(stdout);
    expect(files.map(({ path }: { path: string }) => path)).toEqual(names);
    expect(files.map(({ findings }: { findings: unknown[] }) => findings.length)).toEqual(names.map((_, i) => i % 3));
    const alone = JSON.parse(dlint(['lint', '14.Dockerfile', ...select], { cwd }).stdout);
    expect(files[4]).toEqual(alone.files[0]);
  } finally {
    remove();
  }
});
