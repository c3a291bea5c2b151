import { afterEach, describe, expect, test } from 'vitest';
import { type Project, project, ruleOf, settingsOf } from './support.ts';

let made: Project | undefined;
afterEach(() => made?.remove());
const read = (files: Readonly<Record<string, string>>, file?: string) => {
  made = project(files);
  return made.read(file);
};

describe('a file', () => {
  test('without a configuration has the defaults', async () => {
    const report = await read({});
    expect(report).toMatchObject({ config: null, ignoredBy: null, image: [] });
    expect(settingsOf(report)).toEqual({
      preset: 'recommended',
      failOn: 'warning',
      shellcheck: false,
      inlineIgnores: true,
    });
    expect(ruleOf(report, 'apt-unpinned')).toMatchObject({ level: 'off', from: 'preset recommended' });
  });

  test('an empty one, and keys without a value, say nothing', async () => {
    expect(settingsOf(await read({ '.dlint.yaml': '' }))).toMatchObject({ preset: 'recommended' });
    expect(settingsOf(await read({ '.dlint.yaml': 'rules:\n  # sudo: off\nignore:\nimage:\n' }))).toMatchObject({
      preset: 'recommended',
    });
  });

  test('sets what it names, by id or alias', async () => {
    const report = await read({
      '.dlint.yaml':
        'preset: strict\nfailOn: never\nshellcheck: true\ninlineIgnores: false\nbuildArgs: { A: 1, B: true, C: c }\nrules:\n  dl3004: info\n  apt-unpinned: on\n  label-missing: [error, { required: [a] }]\n  sc2086: style\n  run-cd: off\n',
    });
    expect(settingsOf(report)).toEqual({
      preset: 'strict',
      failOn: 'never',
      shellcheck: true,
      inlineIgnores: false,
      'buildArgs.A': '1',
      'buildArgs.B': 'true',
      'buildArgs.C': 'c',
    });
    expect(report).toMatchObject({
      settings: expect.arrayContaining([{ key: 'buildArgs.B', value: 'true', from: '.dlint.yaml:5' }]),
    });
    expect(ruleOf(report, 'sudo')).toEqual({
      id: 'sudo',
      level: 'info',
      from: '.dlint.yaml:7',
      options: null,
    });
    expect(ruleOf(report, 'apt-unpinned')).toMatchObject({ level: 'warning' });
    expect(ruleOf(report, 'label-missing')).toMatchObject({ level: 'error', options: { required: ['a'] } });
    expect(ruleOf(report, 'SC2086')).toMatchObject({ level: 'style', from: '.dlint.yaml:10' });
    expect(ruleOf(report, 'run-cd')).toMatchObject({ level: 'off', from: '.dlint.yaml:11' });
  });

  test('an alias of several rules sets them all', async () => {
    const report = await read({ '.dlint.yaml': 'rules: { DL3003: error }\n' });
    expect([ruleOf(report, 'run-cd')?.level, ruleOf(report, 'lost-cd')?.level]).toEqual(['error', 'error']);
  });

  test('off and on are words, also where a parser made them booleans', async () => {
    const report = await read({ '.dlint.json': '{ "rules": { "pip-cache": false, "apt-unpinned": true } }' });
    expect([ruleOf(report, 'pip-cache')?.level, ruleOf(report, 'apt-unpinned')?.level]).toEqual(['off', 'warning']);
  });

  test('an alias of YAML stands for what it names', async () => {
    const report = await read({ '.dlint.yaml': 'ignore: &x [a]\nrules:\n  label-missing: [on, { required: *x }]\n' });
    expect(ruleOf(report, 'label-missing')?.options).toEqual({ required: ['a'] });
  });
});

describe('extends', () => {
  test('later beats earlier, own beats all; options stay where only the level is said', async () => {
    const report = await read({
      '.dlint.yaml': 'extends: [base/a.yaml, base/b.json]\nfailOn: info\nrules: { label-missing: error }\n',
      'base/a.yaml':
        'extends: c.yaml\npreset: strict\nfailOn: style\nrules: { sudo: off, label-missing: [info, { required: [x] }] }\nimage: { maxLayers: 5, user: app }\n',
      'base/b.json': '{ "preset": "all", "image": { "maxLayers": 6 } }',
      'base/c.yaml': 'rules: { sudo: info, run-cd: info }\n',
    });
    expect(settingsOf(report)).toMatchObject({ preset: 'all', failOn: 'info' });
    expect(ruleOf(report, 'sudo')).toMatchObject({ level: 'off', from: 'base/a.yaml:4' });
    expect(ruleOf(report, 'run-cd')).toMatchObject({ level: 'info', from: 'base/c.yaml:1' });
    expect(ruleOf(report, 'label-missing')).toMatchObject({
      level: 'error',
      from: '.dlint.yaml:3',
      options: { required: ['x'] },
    });
    expect(report).toMatchObject({
      config: { files: ['base/c.yaml', 'base/a.yaml', 'base/b.json', '.dlint.yaml'] },
      image: [
        { key: 'maxLayers', value: 6, from: 'base/b.json:1' },
        { key: 'user', value: 'app', from: 'base/a.yaml:5' },
      ],
    });
  });

  test('a package', async () => {
    const report = await read({
      '.dlint.yaml': 'extends: dlint-config-acme\n',
      'node_modules/dlint-config-acme/package.json': '{ "name": "dlint-config-acme", "main": "dlint.yaml" }',
      'node_modules/dlint-config-acme/dlint.yaml': 'preset: strict\n',
    });
    expect(settingsOf(report)).toMatchObject({ preset: 'strict' });
  });
});

describe('overrides and ignore', () => {
  const config = `
overrides:
- files: "*.dev"
  preset: strict
  failOn: never
  buildArgs: { A: dev }
  rules: { sudo: off }
- files: [/docker/*, '!/docker/special']
  rules: { sudo: error }
ignore: [testdata/, '!keep']
buildArgs: { A: base, B: base }
`;
  test.each<[string, object]>([
    ['Dockerfile', { preset: 'recommended', 'buildArgs.A': 'base' }],
    ['a/Dockerfile.dev', { preset: 'strict', failOn: 'never', 'buildArgs.A': 'dev', 'buildArgs.B': 'base' }],
  ])('%s', async (file, expected) =>
    expect(settingsOf(await read({ '.dlint.yaml': config }, file))).toMatchObject(expected),
  );

  test.each([
    ['Dockerfile', 'warning'],
    ['a/Dockerfile.dev', 'off'],
    ['docker/Dockerfile', 'error'],
    ['docker/x.dev', 'error'],
    ['docker/special', 'warning'],
    ['a/docker/Dockerfile', 'warning'],
  ])('sudo in %s: %s', async (file, level) =>
    expect(ruleOf(await read({ '.dlint.yaml': config }, file), 'sudo')?.level).toBe(level),
  );

  test.each([
    ['testdata/Dockerfile', '.dlint.yaml:10'],
    ['a/testdata/b/Dockerfile', '.dlint.yaml:10'],
    ['Dockerfile', null],
    ['Testdata/Dockerfile', null],
  ])('%s is ignored by %s', async (file, ignoredBy) =>
    expect(await read({ '.dlint.yaml': config }, file)).toMatchObject({ ignoredBy }),
  );

  test('patterns of a base hold where it is extended', async () => {
    const files = { 'sub/.dlint.yaml': 'extends: ../base.yaml\n', 'base.yaml': 'ignore: [/x]\n' };
    expect(await read(files, 'sub/x/Dockerfile')).toMatchObject({ ignoredBy: 'base.yaml:1' });
    expect(await read(files, 'sub/a/x/Dockerfile')).toMatchObject({ ignoredBy: null });
  });
});

test('image: sizes, shares, ports and labels in their own types', async () => {
  const report = await read({
    '.dlint.yaml':
      'image:\n  maxSize: 1.5 GiB\n  maxDeadBytes: 10kB\n  maxLayerSize: 4096\n  minEfficiency: 95%\n  maxGrowth: 5%\n  ports: [8080, 53/udp]\n  labels: [a, b]\n  forbiddenPaths: /root/.ssh/**\n  forbiddenModes: setuid\n  healthcheck: required\n',
  });
  if (!('image' in report)) throw new Error(JSON.stringify(report));
  expect(Object.fromEntries(report.image.map(({ key, value }) => [key, value]))).toEqual({
    maxSize: 1.5 * 2 ** 30,
    maxDeadBytes: 10_000,
    maxLayerSize: 4096,
    minEfficiency: 0.95,
    maxGrowth: { share: 0.05 },
    ports: ['8080/tcp', '53/udp'],
    labels: { a: '*', b: '*' },
    forbiddenPaths: ['/root/.ssh/**'],
    forbiddenModes: ['setuid'],
    healthcheck: 'required',
  });
});
