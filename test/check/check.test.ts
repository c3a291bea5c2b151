import { describe, expect, test } from 'vitest';
import { asFindings } from '../../src/check/as-findings.ts';
import { checkPolicy } from '../../src/check/check-policy.ts';
import {
  findSecretFiles,
  findSecretVariables,
  secretIn,
  secretProbes,
  secretProbeTable,
} from '../../src/check/check-secrets.ts';
import { checkDiveRules, readDiveRules } from '../../src/check/dive-ci.ts';
import { imageRules } from '../../src/check/image-rules.ts';
import { matchesWildcards } from '../../src/check/wildcards.ts';
import type { ImagePolicy } from '../../src/config/image-policy.ts';
import { passImage } from '../../src/layers/pass-image.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { stackImage } from '../../src/layers/stacked-image.ts';
import { type Config, dockerArchive, type Member, tarOf, temporaryFile } from '../support/images.ts';

async function stacked(layers: readonly (readonly Member[])[], config: Config = {}) {
  const tars = await Promise.all(layers.map((members) => tarOf(members)));
  return await stackImage(temporaryFile(await dockerArchive(tars, 'app:1', config)));
}

const wasteful: readonly (readonly Member[])[] = [
  [{ name: 'big', body: 'x'.repeat(1000) }],
  [
    { name: 'big', body: 'y'.repeat(1000) },
    { name: 'bin/su', body: 'elf', mode: 0o4755 },
    { name: 'tmp/', type: 'directory', mode: 0o1777 },
    { name: 'open/', type: 'directory', mode: 0o777 },
    { name: 'link', type: 'symlink', linkname: 'big', mode: 0o777 },
    { name: 'root/.ssh/key', body: 'k' },
  ],
  [{ name: 'root/.wh..ssh', body: '' }],
];

async function found(policy: ImagePolicy, config: Config['config'] = {}, baseline?: number) {
  const image = await stacked(wasteful, { config: config ?? {} });
  const against = baseline === undefined ? undefined : { reference: 'old', storedBytes: baseline };
  return [...checkPolicy(image, policy, against)].map(({ rule, message, path, layer }) =>
    [rule, message, ...(path === undefined ? [] : [path]), ...(layer === undefined ? [] : [layer])].join(' | '),
  );
}

describe('checkPolicy', () => {
  test('asks nothing of its own', async () => {
    expect(await found({})).toEqual([]);
  });

  test.each<[ImagePolicy, string[]]>([
    [{ maxSize: 2004 }, []],
    [{ maxSize: 2003 }, ['image-size | 2,004 bytes are stored, more than 2,003 bytes']],
    [{ maxSize: 1500 }, ['image-size | 2.0 kB are stored, more than 1.5 kB']],
    [{ maxSize: 300 }, ['image-size | 2.0 kB are stored, more than 300 bytes (write 300MB for megabytes)']],
    [{ maxSize: 0 }, ['image-size | 2.0 kB are stored, more than 0 B']],
    [{ maxDeadBytes: 1001 }, []],
    [{ maxDeadBytes: 1000 }, ['dead-bytes | 1,001 bytes are stored and not reachable, more than 1,000 bytes']],
    [{ minEfficiency: 0.5 }, []],
    [{ minEfficiency: 0.51 }, ['image-efficiency | 50.0 % of what is stored is used, less than 51.0 %']],
    [{ maxLayers: 3 }, []],
    [{ maxLayers: 2 }, ['image-layers | 3 layers, more than 2']],
    [{ maxLayerSize: 1003 }, ['layer-size | the layer holds 1,004 bytes, more than 1,003 bytes | 2']],
    [
      { forbiddenPaths: ['/root/.ssh/**', 'none'] },
      ['forbidden-path | a forbidden path; a later layer hides it, and it is stored all the same | root/.ssh/key | 2'],
    ],
    [{ forbiddenModes: ['setuid'] }, ['forbidden-mode | it is setuid | bin/su | 2']],
    [{ forbiddenModes: ['world-writable', 'setgid'] }, ['forbidden-mode | it is world-writable | open | 2']],
    [{ user: 'non-root' }, ['image-user | no USER is set: it runs as root']],
    [{ user: 'app' }, ['image-user | it runs as root, not as app']],
    [{ entrypoint: 'required' }, ['image-entrypoint | there is no ENTRYPOINT']],
    [{ healthcheck: 'required' }, ['image-healthcheck | there is no HEALTHCHECK']],
    [{ healthcheck: 'forbidden' }, []],
    [{ labels: new Map([['v', '*']]) }, ['image-labels | the label v is missing']],
    [{ maxGrowth: { bytes: 4 } }, []],
  ])('%j', async (policy, expected) => {
    expect(await found(policy)).toEqual(expected);
  });

  test.each<[ImagePolicy, Config['config'], string[]]>([
    [{ user: 'non-root' }, { User: '00:0' }, ['image-user | it runs as 00:0']],
    [{ user: 'non-root' }, { User: '1000' }, []],
    [{ user: 'app' }, { User: 'app:staff' }, []],
    [{ ports: ['80/tcp'] }, { ExposedPorts: { '80': {}, '53/udp': {} } }, ['image-ports | port 53/udp is exposed']],
    [
      { entrypoint: 'exec' },
      { Entrypoint: ['/bin/sh', '-c', 'run'] },
      ['image-entrypoint | the ENTRYPOINT runs through a shell'],
    ],
    [{ entrypoint: 'exec' }, { Entrypoint: ['/run'] }, []],
    [{ healthcheck: 'required' }, { Healthcheck: { Test: ['NONE'] } }, ['image-healthcheck | there is no HEALTHCHECK']],
    [
      { healthcheck: 'forbidden' },
      { Healthcheck: { Test: ['CMD', 'x'] } },
      ['image-healthcheck | there is a HEALTHCHECK, which is not wanted'],
    ],
    [{ labels: new Map([['v', '1.*']]) }, { Labels: { v: '1.2' } }, []],
    [{ labels: new Map([['v', '1.*']]) }, { Labels: { v: '2.1' } }, ['image-labels | the label v does not match 1.*']],
    [{ labels: new Map([['toString', '*']]) }, {}, ['image-labels | the label toString is missing']],
  ])('%j of %j', async (policy, config, expected) => {
    expect(await found(policy, config)).toEqual(expected);
  });

  test('growth, in bytes and as a share', async () => {
    expect(await found({ maxGrowth: { bytes: 4 } }, {}, 2000)).toEqual([]);
    expect(await found({ maxGrowth: { bytes: 3 } }, {}, 2000)).toEqual([
      'image-growth | 4 B (0.2 %) larger than old, more than 3 bytes (write 3MB for megabytes)',
    ]);
    expect(await found({ maxGrowth: { share: 0.001 } }, {}, 2000)).toHaveLength(1);
    expect(await found({ maxGrowth: { bytes: 0 } }, {}, 5000)).toEqual([]);
  });

  test('a folder is told once, however many layers have it again', async () => {
    const srv: Member = { name: 'srv/', type: 'directory' };
    const image = await stacked([[srv], [srv, { name: 'srv/a', body: 'a' }], [srv, { name: 'srv/a', body: 'b' }]]);
    const all = [...checkPolicy(image, { forbiddenPaths: ['/srv/**'] })];
    expect(all.map(({ path, layer, message }) => `${path} ${layer} ${message}`)).toEqual([
      'srv 1 a forbidden path',
      'srv/a 2 a forbidden path; a later layer hides it, and it is stored all the same',
      'srv/a 3 a forbidden path',
    ]);
  });

  test('many paths are counted, not told', async () => {
    const many = await stacked([Array.from({ length: 130 }, (_, i) => ({ name: `k/${i}`, body: '' }))]);
    const all = [...checkPolicy(many, { forbiddenPaths: ['k/*'] })];
    expect(all).toHaveLength(101);
    expect(all.at(-1)?.message).toBe('30 paths more');
  });
});

const token = `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6'}`;
const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n'.repeat(4)}`;

describe('secrets', () => {
  test('are found in every layer, and never shown', async () => {
    const image = await stacked(
      [
        [
          { name: 'root/.ssh/id_ed25519', body: key },
          { name: 'app/.env', body: `A=1\nGITHUB=${token}\n` },
          { name: 'app/tests/id_rsa', body: key },
          { name: 'etc/ssl/cert.pem', body: '-----BEGIN CERTIFICATE-----\nMIIB\n' },
        ],
        [{ name: 'root/.ssh/.wh.id_ed25519', body: '' }],
      ],
      { config: { Env: ['PATH=/bin', 'DB_PASSWORD=correct-horse-battery', 'API_TOKEN=changeme'] } },
    );
    const all = [...(await findSecretFiles(image)), ...findSecretVariables(image)];
    expect(all).toEqual([
      {
        rule: 'image-secret-file',
        message: 'the file holds a private key; a later layer hides it, and it is stored all the same',
        path: 'root/.ssh/id_ed25519',
        layer: 1,
      },
      { rule: 'image-secret-file', message: 'the file holds a GitHub token', path: 'app/.env', layer: 1 },
      { rule: 'image-secret-env', message: 'the variable DB_PASSWORD holds a secret', subject: 'DB_PASSWORD' },
    ]);
    expect(JSON.stringify(asFindings(all, image))).not.toMatch(/ghp_|correct-horse|b3Blb/);
  });

  test('are found on the way past, too, where nothing can be read twice', async () => {
    const tars = await Promise.all([
      tarOf([
        { name: 'root/.netrc', body: 'machine x login y password hunter22' },
        { name: 'b/id_rsa', body: key },
        { name: 'large.pem', body: `${key}-----END OPENSSH PRIVATE KEY-----\n${'# \n'.repeat(50_000)}` },
        { name: 'late.pem', body: `${'x'.repeat(70_000)}${key}` },
        { name: 'tests/id_rsa', body: key },
      ]),
      tarOf([{ name: 'b/id_rsa', body: key }]),
    ]);
    const archive = await dockerArchive(tars, 'app:1');
    const file = await stackImage(temporaryFile(archive));
    const options = { scratch: new Scratch(), probeTable: secretProbeTable };
    const chunks = (async function* () {
      for (let at = 0; at < archive.length; at += 1000) yield archive.subarray(at, at + 1000);
    })();
    const passed = await passImage('-', chunks, secretProbes, options);
    const found = await findSecretFiles(passed);
    expect(found).toEqual(await findSecretFiles(file));
    expect(found.map(({ path, layer }) => [path, layer])).toEqual([
      ['root/.netrc', 1],
      ['b/id_rsa', 1],
      ['large.pem', 1],
      ['b/id_rsa', 2],
    ]);
  });

  test.each([
    ['.netrc', 'machine x login y password hunter22', 'a password'],
    ['.npmrc', '//registry.npmjs.org/:_authToken=0123456789abcdef', 'a registry token'],
    ['.npmrc', '//registry.npmjs.org/:_authToken=${NPM_TOKEN}', undefined],
    ['root/.docker/config.json', '{"auths":{"x":{"auth":"dXNlcjpwYXNz"}}}', 'a registry login'],
    ['root/.docker/config.json', '{"credsStore":"pass"}', undefined],
    ['.git-credentials', 'https://me:secret@github.com', 'a password'],
    ['sa-credentials.json', '{"private_key": "-----BEGIN PRIVATE KEY-----x"}', 'a private key'],
    ['x.pem', '-----BEGIN PUBLIC KEY-----', undefined],
  ])('%s: %s', (path, text, kind) => {
    expect(secretIn(path, text)).toBe(kind);
  });
});

describe("dive's rules", () => {
  test('defaults, switches, both spellings', () => {
    const read = (text: string) => readDiveRules(temporaryFile(text, '.dive-ci'));
    expect(read('rules: {}')).toEqual({
      lowestEfficiency: 0.9,
      highestWastedBytes: undefined,
      highestUserWastedShare: 0.1,
    });
    expect(
      read('rules:\n  lowestEfficiency: disabled\n  highestWastedBytes: 20MB\n  highestUserWastedPercent: "off"\n'),
    ).toEqual({
      lowestEfficiency: undefined,
      highestWastedBytes: 20_000_000,
      highestUserWastedShare: undefined,
    });
    expect(read('rules:\n  lowest-efficiency: 0.5\n  highest-wasted-bytes: 1KiB\n')).toMatchObject({
      lowestEfficiency: 0.5,
      highestWastedBytes: 1024,
    });
    for (const text of [
      '- a',
      'rules: 1',
      'rules: {lowestEfficiency: 90}',
      'rules: {highestWastedBytes: much}',
      'a: [',
    ]) {
      expect(() => read(text)).toThrow(/\.dive-ci/);
    }
  });

  test('the numbers are those of dive: all copies of a path are waste', async () => {
    const rules = { lowestEfficiency: 0.9, highestWastedBytes: 1999, highestUserWastedShare: 0.1 };
    const all = [...checkDiveRules(await stacked(wasteful), rules)].map(({ rule, message }) => `${rule} | ${message}`);
    expect(all[0]).toMatch(/^dive-efficiency \| efficiency is 0\.\d{4}, less than 0\.9$/);
    expect(all[1]).toBe('dive-wasted-bytes | 2,000 bytes are wasted, more than 1,999 bytes');
    expect(all[2]).toMatch(/^dive-user-wasted \| 199\.\d % of the bytes above the lowest layer are wasted/);
    expect([
      ...checkDiveRules(await stacked(wasteful), {
        ...rules,
        lowestEfficiency: 0.1,
        highestWastedBytes: undefined,
        highestUserWastedShare: 3,
      }),
    ]).toEqual([]);
  });
});

test.each([
  ['*', '', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b', 'a-b-c', false],
  ['?', '', false],
  ['1.?', '1.2', true],
  [`${'*a'.repeat(200)}b`, 'a'.repeat(20_000), false],
])('wildcards %#', (pattern, text, matches) => {
  expect(matchesWildcards(pattern, text)).toBe(matches);
});

test('every rule says why and what to do, and fingerprints stay while sizes change', async () => {
  for (const { why, help } of Object.values(imageRules)) expect(why.length * help.length).toBeGreaterThan(400);
  const image = await stacked(wasteful);
  const [a, b] = asFindings(
    [
      { rule: 'image-size', message: '1 MB' },
      { rule: 'image-size', message: '2 MB' },
    ],
    image,
  );
  expect(a?.fingerprint).toBe(b?.fingerprint);
  expect(a?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
});
