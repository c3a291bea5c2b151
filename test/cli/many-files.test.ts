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

test('so many that threads share them give what their halves give', () => {
  const text = (i: number): string => {
    if (i === 77 || i === 410) return 'FROM debian:13\0';
    const head = i % 50 === 0 ? '# check=error=true\n' : '';
    return `${head}FROM debian:13\n${'RUN pip install flask\n'.repeat(i % 3)}COPY a${i} /a\nRUN cd /a; make\n`;
  };
  const files = Array.from(
    { length: 560 },
    (_, i) => [`${i % 2 ? 'a' : 'b'}/${1000 + i}.Dockerfile`, text(i)] as const,
  );
  const { path: cwd, remove } = folder({
    ...Object.fromEntries(files),
    'a/.dlint.yaml': 'rules:\n  pip-cache: off\nignore: [1101.Dockerfile]\n',
  });
  try {
    const run = (...paths: string[]) => dlint(['lint', ...paths, '-f', 'json'], { cwd });
    const [all, a, b] = [run('.'), run('a'), run('b')];
    expect([all.status, a.status, b.status]).toEqual([2, 2, 2]);
    const [whole, first, second] = [all, a, b].map(({ stdout }) => JSON.parse(stdout));
    expect(whole.files).toHaveLength(557);
    expect(whole.files).toEqual([...first.files, ...second.files]);
    expect(whole.errors).toEqual([...first.errors, ...second.errors]);
    expect(all.stderr).toBe(a.stderr + b.stderr);
  } finally {
    remove();
  }
});
