import { afterEach, describe, expect, test } from 'vitest';
import { cpuTime } from '../support/cpu-time.ts';
import { type Project, project } from './support.ts';

let made: Project | undefined;
afterEach(() => made?.remove());

/** Every problem as `LINE:COLUMN message (hint)`. */
async function problemsOf(text: string, name = '.dlint.yaml'): Promise<readonly string[]> {
  made = project({ [name]: text });
  const read = await made.read();
  if (!Array.isArray(read)) return [];
  return read.map(
    ({ where, message, hint }) => `${where?.replace(`${name}:`, '')} ${message}${hint ? ` (${hint})` : ''}`,
  );
}

describe('says what is wrong, where, and what was meant', () => {
  test.each<[string, string, readonly unknown[]]>([
    ['a key', 'fialOn: error\n', ['1:1 there is no key fialOn here (did you mean failOn?)']],
    [
      'a key far from all',
      'colour: true\n',
      [expect.stringMatching(/^1:1 there is no key colour here \(there are .*preset/)],
    ],
    ['a rule', 'rules:\n  pip-cach: off\n', ['2:3 there is no rule pip-cach (did you mean pip-cache?)']],
    ['a code', 'rules: { DL304: off }\n', [expect.stringMatching(/^1:10 there is no rule DL304 \(did you mean DL30/)]],
    [
      'a level',
      'rules:\n  pip-cache: warn\n',
      ['2:14 "warn" stands where one of error, warning, info, style, off, on belongs (did you mean warning?)'],
    ],
    ['a level of hadolint', 'rules: { pip-cache: ignore }\n', [expect.stringMatching(/\(did you mean off\?\)$/)]],
    [
      'an option',
      'rules:\n  label-missing: [on, { requird: [a] }]\n',
      ['2:25 rule label-missing has no option requird (did you mean required?)'],
    ],
    [
      'an option of a rule without any',
      'rules: { sudo: [on, { a: 1 }] }\n',
      ['1:23 rule sudo has no option a (it has none: dlint explain sudo)'],
    ],
    [
      'the value of an option',
      'rules: { label-missing: [on, { required: 5 }] }\n',
      ['1:42 rule label-missing: option required must be a list of texts'],
    ],
    [
      'a rule with options alone',
      'rules: { label-missing: { required: [a] } }\n',
      [expect.stringMatching(/^1:25 a table stands where .* \(write warning, or \[warning,/)],
    ],
    ['options of ShellCheck', 'rules: { SC2086: [info, { a: 1 }] }\n', ['1:25 codes of ShellCheck have no options']],
    [
      'a preset',
      'preset: strikt\n',
      ['1:9 "strikt" stands where one of recommended, strict, hadolint, buildkit, all belongs (did you mean strict?)'],
    ],
    ['a type', 'shellcheck: yes\n', ['1:13 "yes" stands where true or false belongs']],
    [
      'a key of an override',
      'overrides:\n- files: a\n  rule: {}\n',
      ['3:3 there is no key rule here (did you mean rules?)'],
    ],
    [
      'an override without files',
      'overrides:\n- rules: { sudo: off }\n',
      ['2:3 an override without files (add files: [patterns])'],
    ],
    [
      'a size',
      'image:\n  maxSize: 10XB\n',
      ['2:12 "10XB" stands where a size such as 150MB, 1.5GiB or a number of bytes belongs'],
    ],
    ['a key of the policy', 'image: { maxsize: 1 }\n', ['1:10 there is no key maxsize here (did you mean maxSize?)']],
    ['a port', 'image: { ports: [8080, 70000] }\n', ['1:24 70000 stands where a port such as 8080 or 53/udp belongs']],
    [
      'several things at once',
      'preset: x\nrules: { y: off }\nz: 1\n',
      [
        expect.stringMatching(/^1:9 "x"/),
        expect.stringMatching(/^2:10 there is no rule y/),
        expect.stringMatching(/^3:1 there is no key z/),
      ],
    ],
    ['a list', '- pip-cache\n', [expect.stringMatching(/^1:1 the configuration is a list, not a table/)]],
    ['a text', 'strict\n', [expect.stringMatching(/^1:1 the configuration is a single value/)]],
    ['a key twice', 'preset: all\npreset: all\n', ['2:1 the key preset stands here twice']],
    ['a tab', 'rules:\n\tsudo: off\n', [expect.stringMatching(/^2:1 tabs are not allowed as indentation/)]],
    ['an open bracket', 'ignore: [a\n', [expect.stringMatching(/^2:1 flow sequence in block collection must be/)]],
    [
      'two documents',
      'preset: all\n---\npreset: all\n',
      [expect.stringMatching(/^2:1 source contains multiple documents/)],
    ],
    [
      'an anchor that is not there',
      'ignore: *a\n',
      [expect.stringMatching(/^1:9 (unresolved alias|there is no anchor)/)],
    ],
    [
      'extends of nothing',
      'extends: [./no.yaml]\n',
      ['1:11 there is no configuration ./no.yaml (a path relative to this file, or a package)'],
    ],
  ])('%s', async (_, text, expected) => expect(await problemsOf(text)).toEqual(expected));

  test('in JSON', async () => {
    expect(await problemsOf('{\n\t"rules": {\n\t\t"pip-cach": "off"\n\t}\n}\n', '.dlint.json')).toEqual([
      '3:3 there is no rule pip-cach (did you mean pip-cache?)',
    ]);
  });

  test('in package.json', async () => {
    expect(await problemsOf('{ "name": "a", "dlint": { "preset": "strikt" } }', 'package.json')).toEqual([
      expect.stringMatching(/^1:37 "strikt" stands/),
    ]);
    expect(await problemsOf('{ "dlint": ["a"] }', 'package.json')).toEqual([
      expect.stringMatching(/^1:12 the configuration is a list/),
    ]);
  });

  test('behind a byte order mark, on the same line', async () => {
    expect(await problemsOf('\ufeff# x\nfialOn: error\n')).toEqual([
      '2:1 there is no key fialOn here (did you mean failOn?)',
    ]);
  });
});

describe('is bounded', () => {
  test('aliases that multiply', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `  a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    );
    const text = `buildArgs:\n  a0: &a0 [${Array(9).fill('x').join(', ')}]\n${levels.join('\n')}\n`;
    const started = cpuTime();
    expect(await problemsOf(text)).toEqual([expect.stringMatching(/more than 50000 values, aliases counted/)]);
    expect(cpuTime() - started).toBeLessThan(3000);
  });

  test('an alias that holds itself', async () => {
    expect(await problemsOf('rules: &a\n  sudo: *a\n')).toEqual([
      expect.stringMatching(/nested deeper than 50 levels|nresolved alias/),
    ]);
  });

  test('nesting', async () => {
    const flat = (depth: number) => `ignore: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
    const keys = Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
    for (const text of [flat(60), flat(2000), flat(100_000), keys, '- '.repeat(100_000), '{a: '.repeat(50_000)]) {
      const [problem] = await problemsOf(text);
      expect(problem).toMatch(/nested deeper than 50 levels/);
      made?.remove();
    }
  });

  test('size', async () => {
    expect(await problemsOf(`# ${'x'.repeat(256 * 1024)}\n`)).toEqual([
      expect.stringMatching(/is larger than 256 KiB/),
    ]);
  });

  test('circles of extends', async () => {
    made = project({
      '.dlint.yaml': 'extends: a.yaml\n',
      'a.yaml': 'extends: ./b.yaml\n',
      'b.yaml': '\nextends: [a.yaml]\n',
    });
    expect(await made.read()).toEqual([
      {
        code: 'E_CONFIG',
        message: 'extends leads in a circle: .dlint.yaml → a.yaml → b.yaml → a.yaml',
        where: 'b.yaml:2:11',
        hint: undefined,
      },
    ]);
  });

  test('chains of extends', async () => {
    const chain = Array.from({ length: 12 }, (_, i) => [`${i}.yaml`, `extends: ./${i + 1}.yaml\n`] as const);
    made = project({ '.dlint.yaml': 'extends: ./0.yaml\n', ...Object.fromEntries(chain) });
    expect(await made.read()).toEqual([expect.objectContaining({ message: 'extends is nested deeper than 10 files' })]);
  });

  test('trees of extends', async () => {
    const names = (prefix: string) => Array.from({ length: 8 }, (_, i) => `./${prefix}${i}.yaml`).join(', ');
    const files: Record<string, string> = { '.dlint.yaml': `extends: [${names('a')}]\n` };
    for (let i = 0; i < 8; i++) {
      files[`a${i}.yaml`] = `extends: [${names('b')}]\n`;
      files[`b${i}.yaml`] = `extends: [${names('c')}]\n`;
      files[`c${i}.yaml`] = 'preset: all\n';
    }
    made = project(files);
    const problems = await made.read();
    expect(problems).toContainEqual(expect.objectContaining({ message: 'more than 50 files are extended' }));
  });
});
