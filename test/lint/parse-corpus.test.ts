// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what the files hold
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { shared } from '../support/shared.ts';

const root = shared('corpus/files');

/** Read one by one: none of these builds. Templates of devcontainers hold `${templateOption:name}`, which BuildKit refuses. */
const broken = new Map([
  [
    'GoogleContainerTools__skaffold/docs-v2__content__en__samples__builders__artifact-dependencies__Dockerfile.app',
    ['unknown-instruction'],
  ],
  ['GoogleContainerTools__skaffold/integration__testdata__cache__app__Dockerfile', ['missing-argument']],
  ['dotnet__dotnet-docker/eng__dockerfile-templates__monitor-base__Dockerfile.envs', ['no-from']],
  ['google__osv-scalibr/extractor__filesystem__containers__dockerbaseimage__testdata__dockerfile.invalid', ['no-from']],
  ['wagoodman__dive/cmd__dive__cli__testdata__invalid__Dockerfile', ['unknown-instruction']],
]);

describe.skipIf(!root)('the corpus', () => {
  const files = root
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
  const trees = files.map((path) => parse({ path: relative(root as string, path), text: readFileSync(path, 'utf8') }));

  it('has 2,308 files', () => expect(trees).toHaveLength(2308));

  it('is covered by items', () => {
    for (const { source, items } of trees) {
      expect(items.map(({ span }) => source.text.slice(span.start, span.end)).join('')).toBe(source.text);
    }
  });

  it('has problems only where a file is broken', () => {
    const found = trees.flatMap(({ source, problems }) => {
      const codes = problems.map(({ code }) => code).filter((code) => code !== 'empty-continuation');
      const isTemplate =
        source.text.includes('${templateOption:') && codes.every((code) => code === 'invalid-argument');
      return codes.length === 0 || isTemplate ? [] : [[source.path, codes] as const];
    });
    expect(new Map(found)).toEqual(broken);
  });
});
