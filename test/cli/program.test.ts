import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { commandSpecs } from '../../src/flags.ts';
import { bin, dlint, folder } from '../support/cli.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('help', () => {
  test('lists the commands', () => {
    for (const args of [[], ['--help'], ['-h'], ['help']]) {
      const { stdout, stderr, status } = dlint(args);
      for (const [name, { summary }] of Object.entries(commandSpecs))
        expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 30)}`, 'm'));
      expect([stderr, status]).toEqual(['', 0]);
    }
  });

  test.each(Object.keys(commandSpecs))('of %s has every flag and an example', (name) => {
    const { stdout, status } = dlint([name, '--help']);
    const spec = commandSpecs[name as keyof typeof commandSpecs];
    for (const flag of Object.keys(spec.flags)) expect(stdout).toContain(`--${flag}`);
    expect(stdout).toContain(`$ ${spec.examples[0]?.command}`);
    expect(status).toBe(0);
    expect(dlint(['help', name]).stdout).toBe(stdout);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('begins with what a newcomer types, and ends with examples', () => {
    const root = dlint(['--help']).stdout;
    expect(root).toMatch(/^.+\n\nBegin with\n {2}dlint lint /);
    expect(root).toMatch(/\nDocumentation: \S+\/docs\/README\.md\n$/);
    const { stdout } = dlint(['lint', '--help']);
    expect(stdout).toMatch(
      /^Find mistakes in Dockerfiles, and repair them\n\nUsage\n {2}dlint lint \[PATH\.\.\.\] \[FLAGS\]\n/,
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^ {4}\$ /);
    expect(stdout.indexOf('\nFlags\n')).toBeLessThan(stdout.indexOf('\nRepair\n'));
  });

  test('is asked for anywhere before --, and is none behind it', () => {
    const { stdout } = dlint(['rules', '--help']);
    expect(dlint(['rules', '-f', 'json', '-h']).stdout).toBe(stdout);
    expect(dlint(['lint', '--', '--help']).status).toBe(2);
    expect(dlint(['help', 'lnt']).stderr).toContain('did you mean lint?');
  });

  test('--version', () => {
    for (const flag of ['--version', '-V']) {
      expect(dlint([flag])).toMatchObject({ stdout: expect.stringMatching(`^dlint/${version} `), status: 0 });
    }
  });
});

// As in a container: `docker run -u 54321`.
test('a user who is only a number', () => {
  // As Node does it where the system has no entry for the user, which only root could bring about here.
  const nobody =
    "data:text/javascript,import os from 'node:os'; os.userInfo = () => { throw new Error('no such user'); };";
  const { SHELL: _, ...rest } = process.env;
  const env = { ...rest, HOME: '/nonexistent' };
  for (const args of [['--version'], ['lint', '--help']]) {
    const run = spawnSync(process.execPath, ['--import', nobody, bin, ...args], { env, encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, '']);
  }
});

describe('usage', () => {
  test.each([
    [['lnt'], 'error  there is no command lnt\nwhere  dlint lnt\ntry    did you mean lint?\n'],
    [
      ['package.json'],
      'error  there is no command package.json\nwhere  dlint package.json\ntry    dlint lint package.json\n',
    ],
    [['frobnicate'], 'error  there is no command frobnicate\nwhere  dlint frobnicate\ntry    dlint --help\n'],
    [
      ['--fix'],
      'error  there is no flag --fix before the command\nwhere  dlint --fix\ntry    flags stand behind the command: dlint lint --fix\n',
    ],
    [['version'], /\ntry {4}dlint --version\n$/],
    [['-v'], /\ntry {4}did you mean -V\?\n$/],
    [['--platform', 'x'], /\ntry {4}flags stand behind the command: dlint inspect --platform\n$/],
    [['lint', '--fix=yes'], /^error {2}--fix takes no value\nwhere {2}dlint lint --fix=yes\ntry /],
    [['lint', '--hlep'], /\ntry {4}did you mean --help\?\n$/],
    [
      ['lint', '--fail-on', 'warn'],
      'error  --fail-on cannot be warn\nwhere  dlint lint --fail-on warn\ntry    did you mean warning?\n',
    ],
    [['lint', '--preset', 'mine'], /^error {2}--preset cannot be mine\nwhere .*\ntry {4}one of recommended, strict,/],
    [['explain'], 'error  RULE is missing\nwhere  dlint explain\ntry    dlint explain pip-cache\n'],
    [['explain', 'DL3043x'], /^error {2}there is no rule DL3043x\nwhere {2}dlint explain\ntry {4}did you mean DL30/],
    [['inspect'], /^error {2}IMAGE is missing\nwhere {2}dlint inspect\ntry {4}docker save/],
    [['rules', 'x'], /^error {2}unexpected argument: x\n/],
  ])('%j', (args, message) => {
    const { stdout, stderr, status } = dlint(args);
    expect([stdout, status]).toEqual(['', 2]);
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });
});

describe('rules and explain', () => {
  test('the table has every rule of the JSON, with its aliases', () => {
    const { rules } = JSON.parse(dlint(['rules', '--format', 'json']).stdout);
    const { stdout, status } = dlint(['rules']);
    expect(status).toBe(0);
    const files = readdirSync(new URL('../../rules', import.meta.url)).filter((name) => name.endsWith('.ts'));
    expect(rules.map(({ id }: { id: string }) => `${id}.ts`)).toEqual(
      files.filter((name) => name !== 'index.ts').sort(),
    );
    const words = stdout.replace(/\s+/g, ' ');
    for (const { id, aliases } of rules) {
      expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
      if (aliases.length > 0) expect(words).toContain(`(${aliases.join(', ')})`);
    }
    expect(rules.find(({ id }: { id: string }) => id === 'pip-cache').aliases).toContain('DL3042');
  });

  test('the JSON keeps its contract', () => {
    const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/rules.json', import.meta.url), 'utf8'));
    const ajv = new Ajv2020({ strict: true });
    for (const args of [
      ['rules', '-f', 'json'],
      ['explain', 'pip-cache', '-f', 'json'],
    ]) {
      expect(ajv.validate(schema, JSON.parse(dlint(args).stdout)), JSON.stringify(ajv.errors)).toBe(true);
    }
  });

  test('explain has the reason and examples, by id and by alias', () => {
    const { stdout, status } = dlint(['explain', 'pip-cache']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^pip-cache \(DL3042\)\nwarning · size · dlint lint --fix repairs it\n/);
    expect(stdout).toMatch(/^Bad$[\s\S]*\^{3}[\s\S]*^Good$[\s\S]*--no-cache-dir/m);
    expect(stdout).toContain('# dlint-ignore pip-cache: ');
    expect(stdout).not.toMatch(/[«»]/);
    expect(dlint(['explain', 'dl3042']).stdout).toBe(stdout);
  });
});

describe('standard output', () => {
  test.skipIf(process.platform !== 'linux').each([['--help'], ['rules']])(
    '%s on a full disk: 2, and no stack',
    (word) => {
      const { stderr, status } = spawnSync('sh', ['-c', `"$0" "$1" ${word} > /dev/full`, process.execPath, bin], {
        encoding: 'utf8',
      });
      expect(stderr).toMatch(/^error {2}cannot write to standard output\nwhere {2}ENOSPC.*\ntry {4}/);
      expect([stderr.split('\n').length, status]).toEqual([4, 2]);
    },
  );

  // --norc: bash takes a socket on standard input, as a spawned program has it, for a remote login.
  test('a reader that goes away is no error', () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`${i}/Dockerfile`, 'FROM python:3.13\nRUN pip install a\n'.repeat(20)]),
    );
    const { path, remove } = folder(files);
    const script = `"${process.execPath}" "${bin}" lint --fail-on never | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: path, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n').at(-2)).toBe('0');
    remove();
  });

  test('a reader that is slow gets everything', () => {
    const { path, remove } = folder({ Dockerfile: 'FROM python:3.13\nRUN pip install a\n'.repeat(2000) });
    const script = `"${process.execPath}" "${bin}" lint -f json --fail-on never | (sleep 0.3; cat)`;
    const { stdout } = spawnSync('bash', ['--norc', '-c', script], { cwd: path, encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(JSON.parse(stdout).summary.findings).toBeGreaterThan(900);
    remove();
  });
});

describe('interruption', () => {
  test('Ctrl-C ends a run on an image with 130', async () => {
    const { path, remove } = folder({});
    const fifo = join(path, 'image.tar');
    spawnSync('mkfifo', [fifo]);
    const child = spawn(process.execPath, [bin, 'inspect', fifo], { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill('SIGINT');
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      child.on('exit', (...how) => resolve(how)),
    );
    expect(code ?? (signal === 'SIGINT' ? 130 : signal)).toBe(130);
    remove();
  });

  test('without a terminal there is no progress and no colour on standard error', () => {
    const { stderr } = dlint(['inspect', 'examples/app/image.tar']);
    expect(stderr).toBe('');
  });
});
