import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { anchorsOf, findBrokenLinks, linksOf } from '../scripts/check-links.ts';
import { commandSpecs } from '../src/flags.ts';
import { lint } from '../src/lint/lint.ts';
import { ruleSet } from '../src/lint/rule-set.ts';
import { folder } from './support/cli.ts';
import { commandsOf, misuse } from './support/doc-commands.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  'docs/ci/gitlab.yml',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('links', () => {
  test('all of the documentation leads somewhere', () => {
    expect(findBrokenLinks(root)).toEqual([]);
  });

  test('one that leads nowhere is found, with its line', () => {
    const files = folder({
      'README.md': '# A page\n\n[a](docs/there.md#part-two) [b](docs/gone.md)\n[c](docs/there.md#gone) ![d](no.png)\n',
      'docs/there.md':
        '# There\n\n## Part two\n\n[up](../README.md#a-page) [out](../../secret)\n[self](#there)\n`[x](code)`\n',
    });
    const found = findBrokenLinks(files.path).map(({ file, line, target }) => `${file}:${line} ${target}`);
    files.remove();
    expect(found).toEqual([
      'README.md:3 docs/gone.md',
      'README.md:4 docs/there.md#gone',
      'README.md:4 no.png',
      'docs/there.md:5 ../../secret',
    ]);
  });

  test('links are those of the prose, headings are named as GitHub does', () => {
    const markdown =
      '[a](x.md "title")\n```sh\n[b](y)\n# no heading\n```\n[c]: z.md\n<a href="w">w</a>\n``[d](v) ` ``\n';
    expect(linksOf(markdown).map(({ target }) => target)).toEqual(['x.md', 'z.md', 'w']);
    const headings = '# `dlint lint`: a, b & c\n## Twice\n## Twice\n### [Linked](x) text #\n<a id="own"></a>\n';
    expect([...anchorsOf(headings)]).toEqual(['dlint-lint-a-b--c', 'twice', 'twice-1', 'linked-text', 'own']);
  });
});

describe('commands', () => {
  test('every command line of the documentation is one that dlint understands', () => {
    const found = pages.flatMap((page) =>
      commandsOf(readFileSync(join(root, page), 'utf8')).map((command) => ({ page, ...command })),
    );
    const wrong = found.flatMap(({ page, line, ...command }) => {
      const problem = misuse(command);
      return problem === undefined ? [] : [`${page}:${line}: ${problem} (${command.words.join(' ')})`];
    });
    expect(wrong).toEqual([]);
    expect(found.length).toBeGreaterThan(200);
    const whole = found.filter(({ isWhole }) => isWhole);
    expect(whole.length).toBeGreaterThan(30);
  });

  test('so is every example of the help', () => {
    const examples = Object.values(commandSpecs).flatMap(({ examples: all }) => all.map(({ command }) => command));
    const wrong = examples.flatMap((example) =>
      commandsOf(`\`\`\`sh\n${example}\n\`\`\`\n`).map((command) => misuse(command)),
    );
    expect(wrong.length).toBeGreaterThanOrEqual(examples.length);
    expect(wrong.filter((problem) => problem !== undefined)).toEqual([]);
  });

  test('what is wrong with one is said', () => {
    const block = (text: string) => commandsOf(`\`\`\`sh\n${text}\n\`\`\`\n`).map((command) => misuse(command));
    expect(block('dlint lint --fxi')).toEqual(['dlint lint --fxi']);
    expect(block('cat a | dlint lint - -f sarfi')).toEqual(['dlint lint -f: no format sarfi']);
    expect(block('dlint inspect # an image')).toEqual(['dlint inspect: arguments missing']);
    expect(block('npx --yes git+https://x.example/OWNER/dlint.git#v1 lnt')).toEqual(['command lnt']);
    expect(block('dlint lint \\\n  -f text --fail-on "error" && dlint rules')).toEqual([undefined, undefined]);
    const prose = commandsOf(
      'Run `dlint lint --nothing`, or\n```yaml\n  - run: dlint chekc x\n  - run: dlint check --no x\n```\n',
    );
    expect(prose.map((command) => misuse(command))).toEqual(['dlint check --no', 'dlint lint --nothing']);
  });
});

test('the comments in docs/ignores.md silence what they say', () => {
  const page = readFileSync(join(root, 'docs/ignores.md'), 'utf8');
  const [, text = ''] = /```dockerfile\n([\s\S]*?)```/.exec(page) ?? [];
  const { findings, suppressed } = lint({ path: 'Dockerfile', text }, ruleSet(rules, { preset: 'all' }));
  expect(suppressed.map(({ rule }) => rule).sort()).toEqual(['healthcheck-missing', 'pip-cache', 'pip-unpinned']);
  expect(findings.filter(({ rule }) => /^un.*-ignore$|^pip-|^health/.test(rule))).toEqual([]);
});
