import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dlint } from '../support/cli.ts';
import { type Config, dockerArchive, type Member, tarOf, temporaryFile } from '../support/images.ts';

async function image(members: readonly Member[], tag: string, config: Config = {}): Promise<string> {
  return temporaryFile(await dockerArchive([await tarOf(members)], tag, config), 'i.tar');
}

const status = (version: string) =>
  `Package: curl\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`;

describe('diff', () => {
  test('images that pass once: a pipe, compressed archives', async () => {
    const record = (name: string, version: string): Member[] => [
      { name: `app/.store/${name}`, body: JSON.stringify({ name, version }) },
      { name: `app/node_modules/${name}/package.json`, type: 'link', linkname: `app/.store/${name}` },
    ];
    const before = await image(
      [...record('a', '1.0.0'), { name: 'same', body: 'same' }, { name: 'x', body: '1' }],
      'app:1',
    );
    const after = await image(
      [...record('a', '2.0.0'), { name: 'same', body: 'same', mode: 0o600 }, { name: 'x', body: '2' }],
      'app:2',
    );
    const packed = temporaryFile(gzipSync(readFileSync(after)));
    const env = { TMPDIR: '/nowhere/tmp' };
    const told = (args: readonly string[], input?: Buffer) => {
      const { stdout, stderr, status: code } = dlint(['diff', ...args, '-f', 'json'], { env, ...(input && { input }) });
      expect([stderr, code]).toEqual(['', 1]);
      const { before: one, after: other, ...rest } = JSON.parse(stdout);
      return { ...rest, before: { ...one, reference: '' }, after: { ...other, reference: '' } };
    };
    const sought = told([before, after]);
    expect(sought.packages).toMatchObject([{ name: 'a', before: '1.0.0', after: '2.0.0' }]);
    expect(sought.files.changes.map(({ path }: { path: string }) => path)).toEqual([
      'app/.store/a',
      'app/node_modules/a/package.json',
      'same',
      'x',
    ]);
    expect(told(['-', after], readFileSync(before))).toEqual(sought);
    expect(told([before, '-'], readFileSync(after))).toEqual(sought);
    expect(told(['-', packed], readFileSync(before))).toEqual(sought);
    const only = ['--only', 'files'];
    expect(told([before, packed, ...only])).toEqual(told([before, after, ...only]));
  });

  test('text: every section', async () => {
    const before = await image(
      [
        { name: 'var/lib/dpkg/status', body: status('7.88.1-10') },
        { name: 'etc/conf', body: 'a' },
        { name: 'opt/old/a', body: 'a' },
        { name: 'opt/old/b', body: 'bb' },
        { name: 'time', body: 't', mtime: new Date(1e12) },
      ],
      'app:1',
      { config: { User: 'app' }, history: [{ created_by: 'COPY . /' }] },
    );
    const after = await image(
      [
        { name: 'var/lib/dpkg/status', body: status('7.88.1-11') },
        { name: 'etc/conf', body: 'b', mode: 0o600 },
        { name: 'time', body: 't', mtime: new Date(11e11) },
        { name: 'new', type: 'symlink', linkname: '/etc' },
      ],
      'app:2',
      { config: { Env: ['A=1'] }, history: [{ created_by: 'COPY . /' }] },
    );
    const { stdout, stderr, status: code } = dlint(['diff', before, after]);
    expect([stderr, code]).toEqual(['', 1]);
    const text = stdout.replaceAll(before, 'A.tar').replaceAll(after, 'B.tar');
    expect(text).toBe(`- A.tar (app:1)  88 B in 1 layer
+ B.tar (app:2)  85 B in 1 layer
  3 B smaller (3.4 %)

config  2 differences
  - user: app
  + env A: 1

layers  2 differences
  - layer 1, 88 B  COPY . /
  + layer 1, 85 B  COPY . /
  0 of 1 layer shared: 0 B

packages  1 difference
  ~ curl 7.88.1-10 → 7.88.1-11  deb, upgraded

files  8 differences
  ~ /etc/conf  content, same size; mode -rw-r--r-- → -rw-------
  - /opt/  3 paths, 3 B
  ~ /var/lib/dpkg/status  content, same size
  + /new -> /etc
  1 added (+0 B), 4 removed (-3 B), 3 changed (+0 B), 1 of them in mtime only (--ignore mtime)
`);
    const json = JSON.parse(
      dlint(['diff', before, after, '-f', 'json', '--ignore', 'mtime,mode', '--only', 'files']).stdout,
    );
    expect(json).toMatchObject({ schema: 'dlint-diff/1', same: false, config: null, layers: null, packages: null });
    expect(
      json.files.changes.map((change: { path: string; reasons: string[] }) => [change.path, change.reasons]),
    ).toEqual([
      ['etc/conf', ['content']],
      ['opt', []],
      ['opt/old', []],
      ['opt/old/a', []],
      ['opt/old/b', []],
      ['var/lib/dpkg/status', ['content']],
      ['new', []],
    ]);
    expect(
      dlint(['diff', before, after, '--only', 'files', '--path', 'time', '--ignore', 'mtime', '-q']),
    ).toMatchObject({ status: 0, stdout: '' });
  });

  test('an image beside itself: 0; trouble: 2', async () => {
    const one = await image([{ name: 'a', body: 'a' }], 'app:1');
    expect(dlint(['diff', one, one])).toMatchObject({ status: 0, stderr: '' });
    expect(dlint(['diff', one, one, '-q'])).toMatchObject({ status: 0, stdout: '' });
    expect(dlint(['diff', one, 'nowhere.tar'])).toMatchObject({ status: 2, stdout: '' });
    expect(dlint(['diff', one, one, '--ignore', 'mtim']).stderr).toContain('did you mean mtime?');
    expect(dlint(['diff', one, one, '--only', 'everything']).stderr).toContain(
      'one of config, layers, packages, files',
    );
    expect(dlint(['diff', one]).stderr).toContain('B is missing');
  });
});
