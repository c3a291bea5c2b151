import { chmodSync, chownSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dlint, folder } from '../support/cli.ts';

const sick = 'FROM python:3.13\nRUN pip install flask\nCMD ["python3"]\n';
const mended = 'FROM python:3.13\nRUN pip install --no-cache-dir flask\nCMD ["python3"]\n';
const only = ['--select', 'pip-cache'];

let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({
    Dockerfile: sick,
    'clean/Dockerfile': mended,
    'empty/README.md': '',
    'junk/Dockerfile': Uint8Array.of(70, 82, 0, 79),
    'utf16/Dockerfile': Buffer.from('\ufeffFROM a\n', 'utf16le'),
  }));
});
afterAll(() => remove());

const run = (args: readonly string[], options = {}) => dlint(['lint', ...args], { cwd, ...options });

describe('text', () => {
  test('shows the place, the source, the reason and the repair', () => {
    const { stdout, stderr, status } = run(['Dockerfile', ...only]);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'Dockerfile:2:5  warning  pip-cache (DL3042)',
      expect.stringMatching(/^ {2}pip /),
      '  2 │ RUN pip install flask',
      expect.stringMatching(/^ {4}│ {5}\^+$/),
      expect.stringMatching(/^ {2}why {3}\S/),
    ]);
    expect(stdout).toMatch(/^ {2}fix {3}\S.*\n {2}2 \+ RUN pip install --no-cache-dir flask$/m);
    expect(stdout).toMatch(/^1 finding in 1 file: 1 warning$/m);
    expect(stdout).toMatch(/^ {2}repair 1 of them +dlint lint --fix/m);
    expect([stderr, status]).toEqual(['', 1]);
  });

  test('is short when there is nothing', () => {
    expect(run(['clean', ...only])).toMatchObject({ stdout: '1 file, nothing to report\n', stderr: '', status: 0 });
    expect(run(['clean', ...only, '--quiet'])).toMatchObject({ stdout: '', stderr: '', status: 0 });
  });

  test('has colour only where it is asked for', () => {
    const esc = '\x1b[';
    expect(run(['Dockerfile', ...only]).stdout).not.toContain(esc);
    expect(run(['Dockerfile', ...only], { env: { FORCE_COLOR: '1' } }).stdout).toContain(esc);
    expect(run(['Dockerfile', ...only, '--no-color'], { env: { FORCE_COLOR: '1' } }).stdout).not.toContain(esc);
    expect(run(['Dockerfile', ...only], { env: { NO_COLOR: '1' } }).stdout).not.toContain(esc);
  });

  test('no line is wider than the terminal', () => {
    const { stdout } = run(['Dockerfile', '--select', 'all'], { env: { COLUMNS: '60' } });
    expect(stdout.split('\n').filter((line) => line.length > 60)).toEqual([]);
  });
});

describe('json', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const schema = JSON.parse(readFileSync(new URL('../../docs/schemas/lint.json', import.meta.url), 'utf8'));

  test('keeps its contract', () => {
    const { stdout, status } = run(['Dockerfile', 'clean', 'nowhere', '-f', 'json', '--select', 'all']);
    const report = JSON.parse(stdout);
    expect(ajv.validate(schema, report), JSON.stringify(ajv.errors)).toBe(true);
    expect(report.files.map(({ path }: { path: string }) => path)).toEqual(['Dockerfile', 'clean/Dockerfile']);
    expect(report.errors).toEqual([{ path: 'nowhere', code: 'E_NOT_FOUND', message: 'nowhere does not exist' }]);
    expect(report.summary).toMatchObject({ files: 2, errors: 1 });
    expect(status).toBe(2);
  });

  test('counts lines and columns from 1, the end exclusive', () => {
    const [file] = JSON.parse(run(['Dockerfile', '-f', 'json', ...only]).stdout).files;
    const [finding] = file.findings;
    expect(finding).toMatchObject({ rule: 'pip-cache', aliases: ['DL3042'], category: 'size', severity: 'warning' });
    expect(finding.range.start).toEqual({ line: 2, column: 5 });
    expect(finding.fix).toMatchObject({ safe: true, edits: [{ text: ' --no-cache-dir' }] });
  });

  test('counts columns in UTF-16 units', () => {
    const { stdout } = run(['-', '-f', 'json', ...only], {
      input: 'FROM python:3.13\nRUN echo "𝒳é" && pip install x\n',
    });
    expect(JSON.parse(stdout).files[0].findings[0].range.start).toEqual({ line: 2, column: 19 });
  });

  test('goes to a file, whole or not at all', () => {
    const { stdout, status } = run(['Dockerfile', ...only, '-f', 'text', '-f', 'json=out.json']);
    expect(stdout).toContain('pip-cache');
    expect(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')).summary.findings).toBe(1);
    expect(status).toBe(1);
    const failed = run(['Dockerfile', ...only, '-f', 'json=no/such/folder/out.json']);
    expect(failed).toMatchObject({ stdout: '', status: 2 });
    expect(failed.stderr).toMatch(
      /^error {2}cannot write no\/such\/folder\/out\.json\nwhere .*\ntry {4}mkdir -p no\/such\/folder\n$/,
    );
  });
});

describe('rules', () => {
  const rulesOf = (args: readonly string[]) => {
    const { stdout } = run(['Dockerfile', '-f', 'json', ...args]);
    return new Set(JSON.parse(stdout).files[0].findings.map(({ rule }: { rule: string }) => rule));
  };

  test('are selected and ignored by id or alias', () => {
    expect(rulesOf(['--select', 'DL3042'])).toEqual(new Set(['pip-cache']));
    expect(rulesOf(['--select', 'pip-cache', '--ignore', 'dl3042'])).toEqual(new Set());
    expect(rulesOf(['--ignore', 'pip-cache'])).not.toContain('pip-cache');
    expect([...rulesOf(['--select', 'all'])]).toEqual(expect.arrayContaining([...rulesOf([])]));
    expect(rulesOf(['--select', 'all', '--ignore', 'pip-cache'])).not.toContain('pip-cache');
  });

  test('that do not exist are a usage error with a suggestion', () => {
    expect(run(['Dockerfile', '--ignore', 'pip-cach'])).toMatchObject({
      stdout: '',
      stderr: 'error  there is no rule pip-cach\nwhere  --ignore pip-cach\ntry    did you mean pip-cache?\n',
      status: 2,
    });
  });

  test('are silenced by a comment with a reason', () => {
    const input = sick.replace('RUN', '# dlint-ignore pip-cache: the cache is wanted\nRUN');
    expect(run(['-', ...only], { input })).toMatchObject({ status: 0 });
  });
});

describe('exit code', () => {
  test.each([
    ['error', 0],
    ['warning', 1],
    ['info', 1],
    ['style', 1],
    ['never', 0],
  ])('--fail-on %s: %i', (level, status) => {
    expect(run(['Dockerfile', ...only, '--fail-on', level]).status).toBe(status);
  });

  test('2 beats 1, and one bad file does not stop the others', () => {
    const { stdout, stderr, status } = run(['junk/Dockerfile', 'Dockerfile', ...only]);
    expect(stdout).toContain('Dockerfile:2:5');
    expect(stdout).toContain('1 path could not be linted');
    expect(stderr).toBe(
      'error  junk/Dockerfile is not a text file\nwhere  a NUL byte at offset 2\ntry    dlint lint reads Dockerfiles; for an image archive: dlint inspect\n',
    );
    expect(status).toBe(2);
  });

  test.each([
    ['nowhere', /^error {2}nowhere does not exist\nwhere {2}\/.*\/nowhere\ntry {4}there is Dockerfile\n$/],
    ['', /^error {2}a path without a name\nwhere .*\ntry /],
    ['empty', /^error {2}no Dockerfile in empty\nwhere {2}\/.*\/empty\ntry {4}looked for Dockerfile/],
    ['*.nothing', /^error {2}no file matches \*\.nothing\nwhere {2}\/.*\ntry /],
    ['utf16/Dockerfile', /it looks like UTF-16/],
  ])('%s: 2 with an error of three lines and no stack', (path, message) => {
    const { stderr, status } = run([path]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(2);
  });

  // Reading a process's memory from offset 0 fails for everybody, root included (proc(5)).
  test.skipIf(process.platform !== 'linux')('a file that cannot be read: 2', () => {
    const { stderr, status } = run(['/proc/self/mem']);
    expect(stderr).toMatch(/^error {2}cannot read \/proc\/self\/mem\nwhere {2}EIO/);
    expect(status).toBe(2);
  });

  test.each([
    [['--selct', 'x'], /there is no flag --selct\nwhere {2}dlint lint\ntry {4}did you mean --select\?/],
    [['--fail-on', 'fatal'], /fatal/],
    [['--format'], /expects a value/],
    [['-f', 'jsn'], /there is no format jsn here\nwhere {2}--format jsn\ntry {4}did you mean json\?/],
    [['--select', ','], /^error {2}--select names no rule\nwhere {2}--select ,\ntry /],
    [['-f', 'xml'], /try {4}one of text, json/],
    [['-f', 'text', '-f', 'json'], /two formats for standard output/],
    [['-f', 'json='], /empty file name/],
    [['-f', 'json=a', '-f', 'text=./a'], /two formats for one file\nwhere {2}\/.*\/a\ntry /],
    [['--build-arg', 'X'], /X gives no value/],
    [['--diff', '-f', 'json'], /standard output is for the patch/],
  ])('usage %j: 2', (args, message) => {
    const { stdout, stderr, status } = run(['Dockerfile', ...args]);
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
  });
});

describe('repairs', () => {
  test('--diff prints a patch and writes nothing', () => {
    const { stdout, stderr, status } = run(['Dockerfile', ...only, '--diff']);
    expect(stdout).toBe(
      '--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM python:3.13\n-RUN pip install flask\n+RUN pip install --no-cache-dir flask\n CMD ["python3"]\n',
    );
    expect(stderr).toBe('1 finding of 1 file can be repaired; dlint lint --fix does it\n');
    expect(status).toBe(1);
    expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe(sick);
    expect(run(['clean', ...only, '--diff'])).toMatchObject({ stdout: '', stderr: 'nothing to repair\n', status: 0 });
    expect(run(['Dockerfile', ...only, '--diff', '-q']).stderr).toBe('');
  });

  test('--fix keeps mode, line ends, byte order mark and link', () => {
    const crlf = (text: string) => `\ufeff${text.replace(/\n/g, '\r\n')}`;
    const { path, remove: gone } = folder({ real: crlf(sick) });
    chmodSync(join(path, 'real'), 0o640);
    symlinkSync('real', join(path, 'Dockerfile'));
    const { stdout, status } = dlint(['lint', 'Dockerfile', '--fix', ...only], { cwd: path });
    expect(stdout).toBe('Repaired 1 finding.\n1 file, nothing to report\n');
    expect(status).toBe(0);
    expect(readFileSync(join(path, 'real'), 'utf8')).toBe(crlf(mended));
    expect(statSync(join(path, 'real')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(path, 'Dockerfile')).isSymbolicLink()).toBe(true);
    gone();
  });

  test.skipIf(process.getuid?.() !== 0)('--fix by root leaves a file to its owner, setuid and all', () => {
    const { path, remove: gone } = folder({ Dockerfile: sick });
    const file = join(path, 'Dockerfile');
    chownSync(file, 1234, 2345);
    chmodSync(file, 0o4640);
    expect(dlint(['lint', '--fix', ...only], { cwd: path }).status).toBe(0);
    const { uid, gid, mode } = statSync(file);
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 2345, 0o4640]);
    gone();
  });

  test('a report that cannot be written is told by its own name', () => {
    const { stderr, status } = run(['clean', ...only, '-f', 'json=nowhere/report.json']);
    expect(stderr).toMatch(
      /^error {2}cannot write nowhere\/report\.json\nwhere {2}\/.*report\.json: ENOENT: no such file or directory\ntry {4}mkdir -p nowhere\n$/s,
    );
    expect(status).toBe(2);
    expect(run(['clean', ...only, '-f', 'json=clean']).stderr).toMatch(/EISDIR.*\ntry {4}it is a folder/s);
  });

  test('--fix leaves a clean file alone', () => {
    const before = statSync(join(cwd, 'clean/Dockerfile')).mtimeMs;
    expect(run(['clean/Dockerfile', '--fix', ...only]).status).toBe(0);
    expect(statSync(join(cwd, 'clean/Dockerfile')).mtimeMs).toBe(before);
  });

  test('--fix - prints the repaired text and reports on standard error', () => {
    const { stdout, stderr, status } = run(['-', '--fix', ...only], { input: sick });
    expect([stdout, status]).toEqual([mended, 0]);
    expect(stderr).toContain('Repaired 1 finding.');
    expect(run(['-', '--fix', ...only], { input: mended }).stdout).toBe(mended);
  });

  test('a file that is not UTF-8 is not rewritten', () => {
    const { path, remove: gone } = folder({});
    const bytes = Buffer.concat([Buffer.from('# caf\xe9\n', 'latin1'), Buffer.from(sick)]);
    writeFileSync(join(path, 'Dockerfile'), bytes);
    const { stderr, status } = dlint(['lint', '--fix', ...only], { cwd: path });
    expect(stderr).toContain('Dockerfile is not UTF-8, so it is not repaired');
    expect(status).toBe(2);
    expect(readFileSync(join(path, 'Dockerfile'))).toEqual(bytes);
    gone();
  });
});

describe('a long path', () => {
  test('puts the codes of other linters on a line of their own, and no empty line where there are none', () => {
    const name = `${'a'.repeat(90)}/Dockerfile`;
    const { path, remove: gone } = folder({ [name]: 'FROM python:3.13\nCOPY . .\nRUN pip install flask\n' });
    const { stdout } = dlint(['lint', '--select', 'copy-before-install,pip-cache'], { cwd: path });
    expect(stdout).toMatch(/ {2}warning {2}copy-before-install\n {2}\S/);
    expect(stdout).toMatch(/ {2}warning {2}pip-cache\n {2}\(DL3042\)\n/);
    gone();
  });
});

describe('input', () => {
  test('the name of standard input', () => {
    expect(run(['-', '--stdin-name', 'app/Dockerfile', ...only], { input: sick }).stdout).toMatch(
      /^app\/Dockerfile:2:5 /,
    );
  });

  test('text that is no Dockerfile gives findings, not an error', () => {
    const { stderr, status } = run(['-'], { input: 'Dear Sir,\nplease find enclosed\n' });
    expect([stderr, status]).toEqual(['', 1]);
  });

  test('an empty input', () => expect(run(['-'], { input: '' }).status).toBeLessThan(2));

  test('hostile names and texts do not reach the terminal', () => {
    const { path, remove: gone } = folder({ 'Dockerfile.\x1b[31m': 'FROM python:3.13\nRUN pip install \x1b[2J\n' });
    const { stdout } = dlint(['lint', ...only], { cwd: path });
    expect(stdout).toContain('Dockerfile.\\x1b[31m:2:5');
    expect(stdout).not.toContain('\x1b');
    gone();
  });
});

describe('both parsers', () => {
  // A glued short flag is not ordinary: oclif reads it.
  test.each([
    [
      ['Dockerfile', '-f', 'json'],
      ['Dockerfile', '-fjson'],
    ],
    [
      ['Dockerfile', '-q', ...only],
      ['-qf', 'text', 'Dockerfile', ...only],
    ],
    [
      ['nowhere', 'clean', '-f', 'text'],
      ['nowhere', 'clean', '-ftext'],
    ],
    [
      ['Dockerfile', '-f', 'text', '--select', 'pip-cache', '--ignore', 'x'],
      ['Dockerfile', '-ftext', '--select', 'pip-cache', '--ignore', 'x'],
    ],
  ])('%j and %j give the same', (lean, glued) => {
    const [a, b] = [run(lean), run(glued)];
    expect([b.stdout, b.stderr, b.status]).toEqual([a.stdout, a.stderr, a.status]);
  });
});
