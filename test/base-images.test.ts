import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rules } from '../rules/index.ts';
import { resolveBaseImages } from '../src/base-images.ts';
import { lint } from '../src/lint/lint.ts';
import { ruleSet } from '../src/lint/rule-set.ts';
import { lintFiles } from '../src/lint-files.ts';
import { OciFiles, tarOf, temporaryFolder } from './support/images.ts';
import { registryOf, serveForTest } from './support/registry.ts';

beforeEach(() => vi.stubEnv('XDG_CACHE_HOME', temporaryFolder()));
afterEach(() => vi.unstubAllEnvs());

async function registry(count: { requests: number }): Promise<string> {
  const files = new OciFiles();
  const layer = await tarOf([{ name: 'a', body: 'a' }]);
  const settings = {
    Env: ['PATH=/bin', 'APP_HOME=/srv', 'EMPTY='],
    User: '1000:1000',
    WorkingDir: '/srv',
    Shell: ['/bin/bash', '-c'],
  };
  const config = { architecture: 'arm64', os: 'linux', config: settings };
  files.top([files.manifest([layer], config as never)]);
  const serve = registryOf(files);
  return await serveForTest((request, response) => {
    count.requests++;
    return serve(request, response);
  });
}

const source = (text: string) => ({ path: 'Dockerfile', text });
const resolve = (text: string, insecure = true) =>
  resolveBaseImages([{ source: source(text), analyze: {} }], { insecure });

test('environment, user, directory, shell and platform of a base image are known to the rules', async () => {
  const host = await registry({ requests: 0 });
  const text = `FROM ${host}/app:1\nRUN cd $APP_HOME && echo "$NOBODY_SET_THIS" | tr a b\nCOPY a b\n`;
  const { baseImages, errors } = await resolve(text);
  expect(errors).toEqual([]);
  const { model } = lint(source(text), ruleSet(rules, {}), { baseImages });
  const [step, copy] = model.stages[0]?.steps ?? [];
  expect(step?.env.get('APP_HOME')).toMatchObject({ kind: 'env', value: '/srv' });
  expect(step?.expand('$APP_HOME/x').text).toBe('/srv/x');
  expect(step?.expand('$NOBODY_SET_THIS').text).toBe('');
  expect([step?.user, step?.workdir, step?.shell.dialect]).toEqual(['1000:1000', '/srv', 'bash']);
  const found = (known: object) => lint(source(text), ruleSet(rules, {}), known).findings.map(({ rule }) => rule);
  expect(copy?.instruction.keyword).toBe('COPY');
  expect(found({})).toContain('copy-relative-target');
  expect(found({ baseImages })).not.toContain('copy-relative-target');
});

test('what lies in a compose file is resolved as what it names', async () => {
  const host = await registry({ requests: 0 });
  const folder = temporaryFolder();
  const inline = `        ARG TAG\n        FROM ${host}/app:$$TAG\n        RUN true\n        COPY a b\n`;
  const build = `    build:\n      args: { TAG: '1' }\n      dockerfile_inline: |\n${inline}`;
  writeFileSync(join(folder, 'compose.yaml'), `services:\n  app:\n${build}`);
  const linted = async (isResolving: boolean) => {
    const { files, errors } = await lintFiles([join(folder, 'compose.yaml')], {
      choose: async (paths) => ({
        settings: new Map(paths.map((path) => [path, { rules: ruleSet(rules, {}), analyze: {} }])),
        errors: [],
      }),
      repair: 'no',
      unsafe: false,
      stdinName: '-',
      ...(isResolving && { resolve: (all) => resolveBaseImages(all, { insecure: true }) }),
    });
    expect(errors).toEqual([]);
    return files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  };
  expect(await linted(false)).toContain('copy-relative-target');
  expect(await linted(true)).not.toContain('copy-relative-target');
});

test('a platform that the image is not for is a finding, not an error', async () => {
  const host = await registry({ requests: 0 });
  const text = `FROM --platform=linux/amd64 ${host}/app:1\n`;
  const { baseImages, errors } = await resolve(text);
  expect(errors).toEqual([]);
  const set = ruleSet(rules, { preset: 'buildkit' });
  const { findings } = lint(source(text), set, { baseImages });
  expect(findings.map(({ rule }) => rule)).toContain('base-image-platform');
});

test('an answer is kept, and asked for once', async () => {
  const count = { requests: 0 };
  const host = await registry(count);
  const text = `FROM ${host}/app:1 AS a\nFROM ${host}/app:1\n`;
  const first = await resolve(text);
  const { requests } = count;
  const second = await resolve(text);
  expect(count.requests).toBe(requests);
  expect(second.baseImages).toEqual(first.baseImages);
});

test('an image that cannot be had is an error of its file; the others are known', async () => {
  const host = await registry({ requests: 0 });
  const { baseImages, errors } = await resolve(`FROM ${host}/app:1\nFROM ${host}/none:1\nFROM scratch\nFROM $x\n`);
  expect(baseImages.size).toBe(1);
  expect(errors.map(({ path, error }) => [path, error.code])).toEqual([['Dockerfile', 'E_REGISTRY']]);
});
