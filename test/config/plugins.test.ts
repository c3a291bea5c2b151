import { afterEach, describe, expect, test } from 'vitest';
import { satisfies } from '../../src/config/plugin-version.ts';
import { type Project, project, ruleOf } from './support.ts';

let made: Project | undefined;
afterEach(() => made?.remove());

const rule = (id: string, more = '') =>
  `{ id: '${id}', category: 'style', severity: 'warning', summary: 'x', why: 'y', examples: [], check: () => [], ${more} }`;
const options = `options: { n: { type: 'integer', minimum: 0, maximum: 9, default: 1, description: 'n' } }`;

const read = (files: Readonly<Record<string, string>>, choice = {}) => {
  made = project(files);
  return made.read('Dockerfile', choice);
};

describe('a plugin', () => {
  test.each([
    ['a rule as ESM', { './a.mjs': `export default ${rule('acme/x')}` }],
    ['a list as CommonJS', { './a.cjs': `module.exports = [${rule('acme/x')}, ${rule('acme/y')}]` }],
    ['a default inside CommonJS', { './a.cjs': `exports.__esModule = true; exports.default = ${rule('acme/x')}` }],
    [
      'a package',
      {
        'dlint-plugin-acme': '',
        'node_modules/dlint-plugin-acme/package.json': '{ "name": "dlint-plugin-acme", "main": "i.js" }',
        'node_modules/dlint-plugin-acme/i.js': `module.exports = ${rule('acme/x')}`,
      },
    ],
  ])('%s', async (_, files: Readonly<Record<string, string>>) => {
    const [name = ''] = Object.keys(files);
    const written = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace('./', ''), text]));
    const report = await read({ ...written, '.dlint.yaml': `plugins: [${name}]\nrules: { acme/x: error }\n` });
    expect(ruleOf(report, 'acme/x')).toMatchObject({ level: 'error', from: '.dlint.yaml:2' });
  });

  test('has options and aliases as ours have', async () => {
    const files = { 'a.mjs': `export default ${rule('acme/x', `aliases: ['AC1'], ${options}`)}` };
    const report = await read({ ...files, '.dlint.yaml': 'plugins: ./a.mjs\nrules: { AC1: [on, { n: 5 }] }\n' });
    expect(ruleOf(report, 'acme/x')).toMatchObject({ level: 'warning', options: { n: 5 } });
    made?.remove();
    expect(await read({ ...files, '.dlint.yaml': 'plugins: ./a.mjs\nrules: { acme/x: [on, { n: 10 }] }\n' })).toEqual([
      expect.objectContaining({
        message: 'rule acme/x: option n must be a whole number from 0 to 9',
        where: '.dlint.yaml:2:28',
      }),
    ]);
    made?.remove();
    expect(await read({ ...files, '.dlint.yaml': 'plugins: ./a.mjs\nrules: { acme/z: on }\n' })).toEqual([
      expect.objectContaining({ message: 'there is no rule acme/z', hint: 'did you mean acme/x?' }),
    ]);
  });

  test('comes from the folder of the file that names it', async () => {
    const report = await read({
      '.dlint.yaml': 'extends: base/dlint.yaml\n',
      'base/dlint.yaml': 'plugins: [./a.mjs]\nrules: { acme/x: info }\n',
      'base/a.mjs': `export default ${rule('acme/x')}`,
    });
    expect(ruleOf(report, 'acme/x')?.level).toBe('info');
  });

  test('is not loaded with --no-plugins, and its settings are passed over', async () => {
    const report = await read(
      { 'a.mjs': 'throw new Error("it runs")', '.dlint.yaml': 'plugins: ./a.mjs\nrules: { acme/x: off, sudo: off }\n' },
      { noPlugins: true },
    );
    expect(ruleOf(report, 'sudo')?.level).toBe('off');
    expect(ruleOf(report, 'acme/x')).toBeUndefined();
  });
});

test.each([
  ['^0.1.0', true],
  ['^0.1.5', false],
  ['^0.2', false],
  ['~0.1', true],
  ['>=0.1.0 <1', true],
  ['>= 0.2', false],
  ['0.1.x', true],
  ['1 || 0', true],
  ['0.0.1 - 0.1', true],
  ['<0.1.4', false],
  ['>0.1.3 <=0.1.4', true],
  ['=0.1.4', true],
  ['0.1.3', false],
  ['*', true],
  ['workspace:*', true],
])('0.1.4 in %s: %s', (range, expected) => expect(satisfies('0.1.4', range)).toBe(expected));

describe('is told of by name, where', () => {
  test.each<[string, string, string | RegExp]>([
    ['it throws', 'throw new TypeError("boom\\nbang")', 'TypeError: boom'],
    ['it throws no error', 'throw 5', '5'],
    ['it is no JavaScript', 'export default {', /^SyntaxError|parse/i],
    ['it exports nothing', 'export const a = 1', /no rule, but|a rule without id/],
    ['it exports a text', 'export default "x"', 'no rule, but string'],
    [
      'it has no namespace',
      `export default ${rule('x')}`,
      'the id x is not of the form namespace/name, in lower case with dashes',
    ],
    [
      'one of its list is wrong',
      `export default [${rule('a/x')}, ${rule('A/y')}]`,
      'rule 2 of its list: the id A/y is not of the form namespace/name, in lower case with dashes',
    ],
    ['there is no check', `export default ${rule('a/x', 'check: 1')}`, 'rule a/x: check is no function'],
    [
      'its category is unheard of',
      `export default ${rule('a/x', 'category: "fun"')}`,
      'rule a/x: category is not one of correctness, security, size, cache, style',
    ],
    [
      'its severity is unheard of',
      `export default ${rule('a/x', 'severity: "fatal"')}`,
      'rule a/x: severity is not one of error, warning, info, style, off',
    ],
    [
      'its examples are none',
      `export default ${rule('a/x', 'examples: [{ bad: 1 }]')}`,
      'rule a/x: examples is no list of { bad, good } with Dockerfiles as texts',
    ],
    [
      'its options are none',
      `export default ${rule('a/x', 'options: { n: 1 }')}`,
      'rule a/x: option n is not made by an …Option function',
    ],
    [
      'a default does not fit',
      `export default ${rule('a/x', `options: { n: { type: 'boolean', default: 1, description: '' } }`)}`,
      'rule a/x: the default of option n is not of its type',
    ],
    ['a name is taken', `export default ${rule('a/x', 'aliases: ["DL3042"]')}`, 'the name DL3042 of its rule is taken'],
  ])('%s', async (_, text, message) => {
    const problems = await read({
      'a.mjs': text,
      'b.mjs': `export default ${rule('b/x')}`,
      '.dlint.yaml': '\nplugins: [./a.mjs, ./b.mjs]\nrules: { b/x: off, a/x: off }\n',
    });
    const expected = typeof message === 'string' ? `plugin ./a.mjs: ${message}` : expect.stringMatching(message);
    expect(problems).toEqual([
      { code: 'E_PLUGIN', message: expected, where: '.dlint.yaml:2:11', hint: expect.any(String) },
    ]);
  });

  test('it is made for another version', async () => {
    const manifest = '{ "name": "dlint-plugin-acme", "main": "i.js", "peerDependencies": { "dlint": "^99.0.0" } }';
    const problems = await read({
      '.dlint.yaml': 'plugins: dlint-plugin-acme\n',
      'node_modules/dlint-plugin-acme/package.json': manifest,
      'node_modules/dlint-plugin-acme/i.js': `module.exports = ${rule('acme/x')}`,
    });
    expect(problems).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/is made for dlint \^99\.0\.0, and this is \d/) }),
    ]);
  });

  test('there is no such package', async () => {
    expect(await read({ '.dlint.yaml': 'plugins: [dlint-plugin-none]\n' })).toEqual([
      {
        code: 'E_PLUGIN',
        message: 'plugin dlint-plugin-none: there is no such package',
        where: '.dlint.yaml:1:11',
        hint: 'npm install --save-dev dlint-plugin-none, or ./dlint-plugin-none for a file beside the configuration',
      },
    ]);
  });
});
