import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { officialImages } from '../../src/lint/semantic/official-images.ts';
import { analyze } from '../../src/lint/semantic.ts';
import { shared } from '../support/shared.ts';

/** Rarely built upon; their programs are copied out of them, as their pages on Docker Hub show. */
const copied = [
  'bash',
  'caddy',
  'consul',
  'haproxy',
  'mariadb',
  'memcached',
  'rabbitmq',
  'traefik',
  'vault',
  'wordpress',
];

const files = shared('corpus/files');

describe.skipIf(!files)('official images', () => {
  it('are named by real Dockerfiles', () => {
    const named = new Set(textsBelow(files ?? '').flatMap(imagesOf));
    expect([...officialImages].filter((name) => !named.has(`library/${name}`)).sort()).toEqual(copied);
  }, 120_000);
});

function textsBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((each) => (each.isFile() ? [readFileSync(join(each.parentPath, each.name), 'utf8')] : []));
}

function imagesOf(text: string): readonly string[] {
  const { images } = analyze(parse({ path: 'Dockerfile', text }));
  return images.flatMap(({ target }) => (target.kind === 'image' ? [target.image.repository] : []));
}
