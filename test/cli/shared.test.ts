import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dlint } from '../support/cli.ts';
import { dockerArchive, OciFiles, tarOf, temporaryFile } from '../support/images.ts';

const [base, tool, app, other] = await Promise.all([
  tarOf([{ name: 'base', body: 'b'.repeat(5000) }]),
  tarOf([{ name: 'tool', body: 't'.repeat(300) }]),
  tarOf([{ name: 'app', body: 'a'.repeat(20) }]),
  tarOf([{ name: 'other', body: 'o'.repeat(1000) }]),
]);

/** No folder for temporary files. */
const NO_SCRATCH = { env: { TMPDIR: '/nowhere/tmp' } };

async function images(): Promise<string[]> {
  const gzipped = new OciFiles();
  return [
    temporaryFile(
      await dockerArchive([base, tool, app], 'one:1', {
        history: [{ created_by: 'ADD base /' }, { created_by: 'RUN tool' }, { created_by: 'COPY app /' }],
      }),
    ),
    temporaryFile(await gzipped.top([gzipped.manifest([base, other, tool])]).archive()),
    temporaryFile(await dockerArchive([other], 'three:1')),
  ];
}

describe('shared', () => {
  test('text', async () => {
    const files = await images();
    const { stdout, stderr, status } = dlint(['shared', ...files]);
    expect([stderr, status]).toEqual(['', 0]);
    expect(
      files.reduce((text, file, i) => text.replaceAll(file, `${i}.tar`), stdout),
    ).toBe(`1    5.3 kB  20 B of its own  3 layers  0.tar (one:1)
2    6.3 kB  0 B of its own   3 layers  1.tar
3    1.0 kB  0 B of its own   1 layer   2.tar (three:1)

shared by pairs
              1         2         3
    1         -    5.3 kB       0 B
    2    5.3 kB         -    1.0 kB
    3       0 B    1.0 kB         -

shared layers  3
    5.0 kB  1 2  ADD base /
    1.0 kB  2 3  (no history)  unpacked 2 times: on other layers
     300 B  1 2  RUN tool  unpacked 2 times: on other layers

all together
   12.6 kB  one by one
    6.3 kB  each layer once, as a registry stores them and a pull brings them
    7.6 kB  unpacked on one host, where a layer is shared only on top of the same layers
`);
  });

  test('images that pass once: a pipe, compressed archives', async () => {
    const [one = '', two = '', three = ''] = await images();
    const rootfs = temporaryFile(
      await tarOf([{ name: 'etc/', type: 'directory' }, { name: 'usr/', type: 'directory' }, 'etc/passwd']),
    );
    const sought = JSON.parse(dlint(['shared', one, two, three, rootfs, '-f', 'json']).stdout);
    const packed = [two, three, rootfs].map((file) => temporaryFile(gzipSync(readFileSync(file))));
    const { stdout, stderr } = dlint(['shared', '-', ...packed, '-f', 'json'], {
      input: readFileSync(one),
      ...NO_SCRATCH,
    });
    expect(stderr).toBe('');
    const passed = JSON.parse(stdout);
    expect(passed.images.map(({ reference }: { reference: string }) => reference)).toEqual([
      '- (one:1)',
      packed[0],
      `${packed[1]} (three:1)`,
      packed[2],
    ]);
    const nameless = ({ images: all, ...rest }: { images: object[] }) => ({
      ...rest,
      images: all.map((each) => ({ ...each, reference: '' })),
    });
    expect(nameless(passed)).toEqual(nameless(sought));
  });

  test('JSON; an image beside itself', async () => {
    const [one = '', two = ''] = await images();
    const json = JSON.parse(dlint(['shared', one, two, one, '-f', 'json']).stdout);
    expect(json.schema).toBe('dlint-shared/1');
    expect(json.matrix).toEqual([
      [5320, 5300, 5320],
      [5300, 6300, 5300],
      [5320, 5300, 5320],
    ]);
    expect(json.totals).toEqual({ sumBytes: 5320 * 2 + 6300, distinctBytes: 6320, hostBytes: 6620 });
    expect(json.layers[0].images).toEqual([1, 2, 3]);
  });

  test('one image is not enough', async () => {
    const [one = ''] = await images();
    expect(dlint(['shared', one])).toMatchObject({ status: 2, stdout: '' });
    expect(dlint(['shared', one]).stderr).toContain('one image shares nothing');
  });
});
