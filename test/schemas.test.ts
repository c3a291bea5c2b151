import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, describe, expect, test } from 'vitest';
import { dlint, folder } from './support/cli.ts';

/* What the built dlint prints, against the schemas it publishes. */

const root = fileURLToPath(new URL('..', import.meta.url));
const dockerfile = 'examples/app/Dockerfile';
const image = 'examples/app/image.tar';

const outputs = [
  { schema: 'lint', name: 'findings', words: ['lint', '-f', 'json', dockerfile] },
  { schema: 'lint', name: 'all rules', words: ['lint', '-f', 'json', '--select', 'all', dockerfile] },
  { schema: 'lint', name: 'a file that is missing', words: ['lint', '-f', 'json', 'examples/nothing', dockerfile] },
  { schema: 'inspect', name: 'an image', words: ['inspect', '-f', 'json', image] },
  { schema: 'inspect', name: 'one layer', words: ['inspect', '-f', 'json', '--layer', '4', image] },
  { schema: 'extract', name: 'no problem', words: ['extract', '-f', 'json', '--path', 'app', image, temporary()] },
  { schema: 'diff', name: 'an image beside itself', words: ['diff', '-f', 'json', image, image] },
  { schema: 'diff', name: 'one section', words: ['diff', '-f', 'json', '--only', 'layers', image, image] },
  { schema: 'shared', name: 'two images', words: ['shared', '-f', 'json', image, image] },
  {
    schema: 'check',
    name: 'findings',
    words: ['check', '-f', 'json', '--max-size', '1kB', '--forbid-path', 'app/*', image],
  },
  {
    schema: 'check',
    name: 'findings in a Dockerfile',
    words: ['check', '-f', 'json', '--max-size', '1kB', '--forbid-path', 'app/*', '--dockerfile', dockerfile, image],
  },
  {
    schema: 'licenses',
    name: 'packages',
    words: ['sbom', '--deny-license', '*', '-f', `purls=${temporary()}`, '--license-report', 'json', image],
  },
  { schema: 'image-rules', name: 'the rules of images', words: ['rules', '--image', '-f', 'json'] },
  { schema: 'image-rules', name: 'a rule of images', words: ['explain', 'forbidden-path', '-f', 'json'] },
  { schema: 'rules', name: 'the rules', words: ['rules', '-f', 'json'] },
  { schema: 'rules', name: 'one rule', words: ['explain', '-f', 'json', 'DL3042'] },
];

describe.each(outputs)('$schema: $name', ({ schema, words }) => {
  const output = run(words);

  test('is valid', () => {
    const valid = validator(schema);
    expect(valid(output) || valid.errors).toBe(true);
  });

  test('is not valid without any one of its properties, or with one more', () => {
    const valid = validator(schema);
    for (const key of Object.keys(output)) expect([key, valid({ ...output, [key]: undefined })]).toEqual([key, false]);
    expect(valid({ ...output, unheardOf: 1 })).toBe(false);
  });
});

/** A folder that is not there yet. */
function temporary(): string {
  const { path, remove } = folder({});
  afterAll(remove);
  return `${path}/root`;
}

function validator(name: string) {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(`${root}docs/schemas/${name}.json`, 'utf8')));
}

function run(words: readonly string[]): Record<string, unknown> {
  const { stdout, stderr } = dlint(words);
  if (stdout === '') throw new Error(`dlint ${words.join(' ')}: ${stderr}`);
  return JSON.parse(stdout);
}
