import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDockerfile } from '../../src/files.ts';
import { openStream } from '../../src/layers/sources/streams.ts';
import { asNobody } from '../support/as-nobody.ts';
import { bin, dlint, folder } from '../support/cli.ts';

const image = join(import.meta.dirname, '../../examples/app/image.tar');
const sick = 'FROM python:3.13\nRUN pip install flask==3.1.0\n';

let cwd = '';
let remove = (): void => {};
let server: Server;

beforeAll(async () => {
  ({ path: cwd, remove } = folder({ Dockerfile: sick, 'hostile/Dockerfile': sick, 'hostile/.git/HEAD': '' }));
  for (const name of ['pipe', 'late', 'hostile/.gitignore', 'hostile/package.json']) {
    execFileSync('mkfifo', [join(cwd, name)]);
  }
  symlinkSync('loop', join(cwd, 'loop'));
  server = createServer().listen(join(cwd, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => {
  server.close();
  remove();
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr?.on('data', (piece) => {
    stderr += piece;
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

const options = () => ({ cwd, env: { ...process.env, DLINT_CACHE: 'off' }, timeout: 60_000 });
const start = (args: readonly string[]) => ended(spawn(process.execPath, [bin, ...args], options()));

/** A command line of bash, where `$dlint` is the program. */
function bash(script: string) {
  const env = { ...process.env, DLINT_CACHE: 'off', dlint: `${process.execPath} ${bin}` };
  return spawnSync('bash', ['--norc', '-c', script], { cwd, env, encoding: 'utf8', timeout: 60_000 });
}

describe('a pipe without a writer ends with an error', () => {
  test('whatever it is given for', async () => {
    const all = await Promise.all(
      [
        ['lint', 'pipe'],
        ['inspect', 'pipe'],
        ['check', 'pipe'],
        ['cat', 'pipe', 'etc/passwd'],
        ['diff', image, 'pipe'],
        ['inspect', image, '--dockerfile', 'pipe'],
      ].map(start),
    );
    for (const { status, stdout, stderr } of all) {
      expect([stdout.includes('"summary"'), status]).toEqual([false, 2]);
      expect(stderr).toMatch(/^error {2}nothing came through the pipe.*\nwhere {2}.*pipe\ntry .*waited 10 seconds\n$/);
    }
  });

  test('a configuration and a baseline are files', () => {
    expect(dlint(['lint', '--config', 'pipe'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error {2}pipe is no file\n.*\ntry {4}a configuration is a file/),
    });
    expect(dlint(['lint', '--baseline', 'pipe'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error {2}pipe is not a baseline of dlint\nwhere {2}it is no file\n/),
    });
  });

  test('of a name that is looked for everywhere is passed over', () => {
    expect(dlint(['lint', 'hostile', '--select', 'pip-cache', '-f', 'compact'], { cwd })).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^hostile\/Dockerfile:2:5/),
    });
  });
});

describe('what comes through a pipe with a name is read', () => {
  test('as a Dockerfile, also of a writer that comes late', () => {
    const { stdout } = bash('(sleep 1; cat Dockerfile >late) & $dlint lint late --select pip-cache -f compact');
    expect(stdout).toMatch(/^late:2:5/);
    expect(bash('$dlint lint <(sleep 1; cat Dockerfile) --select pip-cache -f compact').stdout).toMatch(/:2:5/);
  });

  test('as an archive', () => {
    const { stdout } = bash(`(sleep 1; cat ${image} >late) & $dlint inspect late -f json`);
    const layers = JSON.parse(dlint(['inspect', image, '-f', 'json']).stdout).layers.length;
    expect(JSON.parse(stdout).layers).toHaveLength(layers);
    const twice = bash(`$dlint diff <(cat ${image}) <(gzip -c ${image})`);
    expect([twice.stderr, twice.status]).toEqual(['', 0]);
    expect(bash(`$dlint cat <(sleep 1; cat ${image}) etc/passwd`)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^root:/),
    });
  });

  test('as standard input by its path, also where nothing comes', () => {
    expect(bash('cat Dockerfile | $dlint lint /dev/stdin --select pip-cache -f compact').stdout).toMatch(/:2:5/);
    const start = Date.now();
    expect(bash('true | $dlint lint /dev/stdin').stdout).toContain('This file holds no instructions');
    expect(Date.now() - start).toBeLessThan(9000);
  });

  test('without anything in it: at once', () => {
    expect(bash('$dlint inspect <(sleep 1)')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error {2}nothing came through the pipe\n.*\ntry {4}see whether the program/),
    });
  });

  test('and is not repaired: that would be lost', () => {
    const { stdout, stderr, status } = bash('$dlint lint --fix --select pip-cache <(cat Dockerfile)');
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(/^error {2}\/dev\/fd\/\d+ is no file, so it is not repaired\ntry {4}dlint lint --fix -/);
    expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe(sick);
  });
});

describe('what is no file', () => {
  const long = 'a'.repeat(300);

  test.each([
    [['lint', 'socket'], 'socket is a socket or a device that is not there'],
    [['lint', '/dev/zero'], '/dev/zero is larger than 8 MiB'],
    [['lint', long], 'no file has so long a name'],
    [['inspect', 'socket'], 'this is a device or socket, not an image'],
    [['inspect', '/dev/zero'], 'this is a device or socket, not an image'],
    [['inspect', 'loop'], 'a symbolic link that leads to itself'],
    [['check', 'loop'], 'a symbolic link that leads to itself'],
    [['inspect', long], 'no file has so long a name'],
  ])('%j', (args, message) => {
    const { stdout, stderr, status } = dlint(args, { cwd });
    expect(stderr.split('\n')[0]).toBe(`error  ${message}`);
    expect([stdout, status]).toEqual(['', 2]);
  });

  test('what nobody may look at', async () => {
    const message = `no permission to read ${join(cwd, 'Dockerfile')}`;
    await asNobody(() => {
      for (const read of [openStream, readDockerfile]) {
        let error: unknown;
        try {
          read(join(cwd, 'Dockerfile'));
        } catch (thrown) {
          error = thrown;
        }
        expect(error).toMatchObject({ message, hint: `check who may read it: ls -ld ${join(cwd, 'Dockerfile')}` });
      }
    });
  });
});
