import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { dlint, folder, type RunOptions } from '../support/cli.ts';

const sick = 'FROM python:3.13\nRUN pip install flask\nRUN cd /x && make\n';
let cwd = '';
let remove = (): void => {};
afterEach(() => remove());

function files(all: Readonly<Record<string, string>>): void {
  ({ path: cwd, remove } = folder(all));
  mkdirSync(join(cwd, '.git'), { recursive: true });
}

/** In the folder, without a configuration of the user's. */
const run = (args: readonly string[], options: RunOptions = {}) =>
  dlint(args, { cwd, ...options, env: { HOME: cwd, XDG_CONFIG_HOME: join(cwd, 'xdg'), ...options.env } });

/** `PATH RULE SEVERITY` of all findings. */
function findings(args: readonly string[] = [], options: RunOptions = {}): readonly string[] {
  const { stdout, stderr } = run(['lint', '-f', 'json', ...args], options);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as {
    files: readonly { path: string; findings: readonly { rule: string; severity: string }[] }[];
  };
  return report.files.flatMap(({ path, findings: all }) =>
    all.map(({ rule, severity }) => `${path} ${rule} ${severity}`),
  );
}

describe('dlint lint', () => {
  test('each file by the nearest configuration, in one run', () => {
    files({
      'a/Dockerfile': sick,
      'a/.dlint.yaml': 'rules: { pip-cache: error, lost-cd: off, run-cd: off }\n',
      'b/Dockerfile': sick,
      '.dlint.yaml': 'preset: strict\nrules: { pip-cache: off }\n',
      'c/Dockerfile': sick,
      'c/.dlint.yml': 'ignore: ["*"]\n',
    });
    expect(findings().filter((each) => /pip-cache|run-cd/.test(each))).toEqual([
      'a/Dockerfile pip-cache error',
      'b/Dockerfile run-cd style',
    ]);
  });

  test('failOn of each file, and --fail-on above it', () => {
    files({
      'a/Dockerfile': sick,
      'a/.dlint.yaml': 'failOn: never\n',
      'b/Dockerfile': 'FROM alpine:3\n',
      'b/.dlint.yaml': 'failOn: error\n',
    });
    expect(run(['lint', '-q']).status).toBe(0);
    expect(run(['lint', '-q', '--fail-on', 'warning']).status).toBe(1);
  });

  test('a broken configuration: 2, its files are not linted, the others are', () => {
    files({
      'a/Dockerfile': sick,
      'a/.dlint.yaml': 'rules: { pip-cach: off }\n',
      'b/Dockerfile': sick,
      'a/x/Dockerfile': sick,
    });
    const { stdout, stderr, status } = run(['lint', '-q']);
    expect(stdout).toContain('b/Dockerfile:2');
    expect(stdout).not.toContain('a/');
    expect(stderr).toBe(
      'error  there is no rule pip-cach\nwhere  a/.dlint.yaml:1:10\ntry    did you mean pip-cache?\n',
    );
    expect(status).toBe(2);
    expect(JSON.parse(run(['lint', '-f', 'json']).stdout).errors).toEqual([
      { path: 'a/.dlint.yaml', code: 'E_CONFIG', message: 'there is no rule pip-cach' },
    ]);
  });

  test('flags beat it', () => {
    files({
      Dockerfile: sick,
      '.dlint.yaml': 'preset: all\nrules: { pip-cache: [error, { everyStage: true }], run-cd: off, lost-cd: off }\n',
    });
    expect(findings(['--select', 'pip-cache,run-cd'])).toEqual([
      'Dockerfile pip-cache error',
      'Dockerfile run-cd style',
    ]);
    expect(findings(['--select', 'all'])).toContain('Dockerfile run-cd style');
    expect(findings(['--select', 'pip-cache', '--ignore', 'pip-cache'])).toEqual([]);
    expect(findings(['--preset', 'recommended']).length).toBeLessThan(findings().length);
    expect(findings(['--preset', 'recommended'])).toContain('Dockerfile pip-cache error');
    expect(findings(['--no-config'])).toContain('Dockerfile pip-cache warning');
  });

  test('--config, with patterns relative to the working directory', () => {
    files({
      Dockerfile: sick,
      'x/Dockerfile': sick,
      'ci/lint.yaml': 'ignore: [/x]\nrules: { pip-cache: style }\n',
      '.dlint.yaml': 'nonsense\n',
    });
    expect(findings(['--config', 'ci/lint.yaml']).filter((each) => each.includes('pip-cache'))).toEqual([
      'Dockerfile pip-cache style',
    ]);
    expect(run(['lint', '--config', 'nowhere.yaml'])).toMatchObject({
      stderr: expect.stringMatching(/^error {2}nowhere\.yaml does not exist\nwhere {2}\/.*\/nowhere\.yaml\n/),
      status: 2,
    });
    expect(run(['lint', '--config', 'a', '--no-config'])).toMatchObject({
      stderr: expect.stringContaining('contradict each other'),
      status: 2,
    });
  });

  test('a file that is named and ignored is told of, and is no error', () => {
    files({ 'x/Dockerfile': sick, '.dlint.yaml': '\nignore:\n- x/\n' });
    expect(run(['lint', 'x/Dockerfile'])).toMatchObject({
      stderr: 'note   x/Dockerfile is not linted: .dlint.yaml:3 ignores it\n',
      status: 0,
    });
  });

  test('standard input has the configuration of its name', () => {
    files({ 'a/.dlint.yaml': 'rules: { pip-cache: off }\n', '.dlint.yaml': 'rules: { pip-cache: style }\n' });
    expect(findings(['-'], { input: sick })).toContain('- pip-cache style');
    expect(findings(['-', '--stdin-name', 'a/Dockerfile'], { input: sick }).join()).not.toContain('pip-cache');
  });

  test('build arguments, and comments that are not heeded', () => {
    files({
      Dockerfile: 'ARG IMAGE\nFROM $IMAGE\n# dlint-ignore maintainer\nMAINTAINER a\n',
      '.dlint.yaml': 'buildArgs: { IMAGE: "debian:latest" }\ninlineIgnores: false\n',
    });
    const found = findings(['--select', 'base-image-latest,DL4000']);
    expect(found).toHaveLength(2);
    expect(findings(['--select', 'base-image-latest', '--build-arg', 'IMAGE=debian:13'])).toEqual([]);
  });

  test('hadolint’s where there is none: its rules, its threshold', () => {
    files({ Dockerfile: sick, '.hadolint.yaml': 'ignored: [DL3042]\nno-fail: true\n' });
    const found = findings();
    expect(found).toContain('Dockerfile run-cd warning');
    expect(found.join()).not.toContain('pip-cache');
    expect(run(['lint', '-q']).status).toBe(0);
    expect(run(['lint', '-q']).stderr).toBe('');
    expect(findings([], { env: { HADOLINT_IGNORE: 'DL3003' } }).join()).not.toContain('run-cd');
    writeFileSync(join(cwd, '.dlint.yaml'), '');
    expect(findings()).toContain('Dockerfile pip-cache warning');
  });

  test('hadolint’s in the folders of the user', () => {
    for (const [i, name] of ['xdg/hadolint.yaml', '.hadolint/config.yml', '.hadolint/hadolint.yaml'].entries()) {
      files({ 'p/.git/x': '', 'p/Dockerfile': sick, [name]: 'ignored: [DL3042]\n' });
      expect([i, findings([], { cwd: join(cwd, 'p') }).join()]).toEqual([i, expect.not.stringContaining('pip-cache')]);
      remove();
    }
  });

  test('rules of plugins: reports, comments, repairs of others go on', () => {
    files({
      Dockerfile: `${sick}# dlint-ignore acme/no-cd: here\nRUN cd /y\nRUN cd /z\n`,
      '.dlint.yaml': 'plugins: [./acme.mjs, ./broken.mjs]\n',
      'acme.mjs':
        "export default { id: 'acme/no-cd', category: 'style', severity: 'error', summary: 'cd', why: 'It gets lost.', examples: [{ bad: 'FROM a\\nRUN cd /x\\n' }], *check({ commands }) { for (const { command } of commands) if (command.name === 'cd') yield { at: command.span, message: 'cd' }; } };",
      'broken.mjs': 'throw new Error("boom");',
    });
    const { stdout, stderr, status } = run(['lint', '-f', 'json', '--select', 'acme/no-cd']);
    expect(
      JSON.parse(stdout).files[0].findings.map(({ range }: { range: { start: { line: number } } }) => range.start.line),
    ).toEqual([3, 6]);
    expect(stderr).toMatch(/^error {2}plugin \.\/broken\.mjs: boom\nwhere {2}\.dlint\.yaml:1:23\n/);
    expect(status).toBe(2);
    writeFileSync(join(cwd, '.dlint.yaml'), 'plugins: ./acme.mjs\n');
    expect(run(['explain', 'acme/no-cd']).stdout).toMatch(
      /^acme\/no-cd\nerror · style\n\n {2}Cd\.\n\n {2}It gets lost\./,
    );
    expect(run(['lint', '-q', '--no-plugins', '--select', 'acme/no-cd'])).toMatchObject({
      stderr: expect.stringContaining('there is no rule acme/no-cd'),
      status: 2,
    });
  });
});

describe('dlint init', () => {
  test('writes what lints as before, and is what the schema says', () => {
    files({ Dockerfile: sick, '.hadolint.yaml': 'ignored: [DL3042]\noverride: { info: [DL3003] }\n' });
    const before = findings(['--no-shellcheck']);
    const { stdout, status } = run(['init'], { env: { PATH: '' } });
    expect(stdout).toBe(
      'wrote .dlint.yaml\n  from .hadolint.yaml: preset hadolint, failOn info, 3 rules and codes\n  .hadolint.yaml is not read any more while .dlint.yaml is there\n  shellcheck is not installed: shellcheck: true switches it on\n\nNext: dlint lint; what holds for a file and why: dlint config Dockerfile\n',
    );
    expect(status).toBe(0);
    expect(findings(['--no-shellcheck'])).toEqual(before);
    const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/config.json', import.meta.url), 'utf8'));
    const valid = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(schema);
    const written = parse(readFileSync(join(cwd, '.dlint.yaml'), 'utf8'));
    expect(valid(written) || valid.errors).toBe(true);
    expect(valid({ ...written, rules: { 'pip-cach': 'off' } })).toBe(false);
  });

  test('all that it writes as comments is right, too', () => {
    files({ Dockerfile: sick });
    expect(run(['init']).status).toBe(0);
    const text = readFileSync(join(cwd, '.dlint.yaml'), 'utf8');
    const open = text.replace(/^# (?=\w+:| {2})/gm, '');
    expect(Object.keys(parse(open))).toEqual([
      'preset',
      'failOn',
      'shellcheck',
      'rules',
      'ignore',
      'overrides',
      'image',
    ]);
    writeFileSync(join(cwd, '.dlint.yaml'), open);
    expect(run(['config']).stderr).toBe('');
  });

  test('does not overwrite unless it is told to', () => {
    files({ '.dlint.json': '{}', '.dlint.yaml': 'preset: all\n' });
    expect(run(['init'])).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^error {2}there is a \.dlint\.yaml already\nwhere .*\ntry .*--force/),
      status: 2,
    });
    expect(run(['init', '--force']).status).toBe(0);
    expect(readFileSync(join(cwd, '.dlint.yaml'), 'utf8')).toContain('preset: recommended');
  });
});

describe('dlint config', () => {
  test('says what holds, and where it was said', () => {
    files({
      'a/x': '',
      '.dlint.yaml': 'extends: base.yaml\nrules: { pip-cache: error }\nimage: { maxLayers: 9 }\n',
      'base.yaml': 'failOn: info\nignore: [old/]\nlicenses:\n  deny: [GPL-*]\n',
    });
    const { stdout, status } = run(['config', 'old/Dockerfile']);
    expect(stdout.replace(/\d+ of \d+ rules/, 'N of M rules')).toBe(
      `old/Dockerfile
read from base.yaml, .dlint.yaml
not linted: base.yaml:2 ignores it

preset         recommended  default
failOn         info         base.yaml:1
shellcheck     false        default
inlineIgnores  true         default

image
maxLayers  9  .dlint.yaml:3

licenses
deny  ["GPL-*"]  base.yaml:4

rules
pip-cache  error  .dlint.yaml:2  {"everyStage":false}

N of M rules are on; 1 as the configuration says, the others as the preset has them
`,
    );
    expect(status).toBe(0);
  });

  test('JSON keeps its contract', () => {
    files({ '.dlint.yaml': 'rules: { SC2086: off }\nimage: { maxSize: 1kB, labels: [a] }\nbuildArgs: { A: 1 }\n' });
    const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/config-report.json', import.meta.url), 'utf8'));
    const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const report = JSON.parse(run(['config', '-f', 'json']).stdout);
    expect(valid(report) || valid.errors).toBe(true);
    expect(report.image).toContainEqual({ key: 'maxSize', value: 1000, from: '.dlint.yaml:2' });
    for (const key of Object.keys(report)) expect([key, valid({ ...report, [key]: undefined })]).toEqual([key, false]);
  });

  test('a broken configuration: 2', () => {
    files({ '.dlint.yaml': 'presets: all\nfailon: x\n' });
    const { stdout, stderr, status } = run(['config']);
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toBe(
      'error  there is no key presets here\nwhere  .dlint.yaml:1:1\ntry    did you mean preset?\nerror  there is no key failon here\nwhere  .dlint.yaml:2:1\ntry    did you mean failOn?\n',
    );
  });
});
