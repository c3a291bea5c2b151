import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bin, folder } from './support/cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = readdirSync(join(root, 'docs/ci')).map((name) => `docs/ci/${name}`);

const { path: cwd, remove } = folder({
  Dockerfile: 'FROM debian:12\nRUN pip install flask==3.1.2\nUSER 1000\nCMD ["python3"]\n',
});
afterAll(remove);

const git = (...args: string[]) => {
  const own = ['-c', 'user.name=n', '-c', 'user.email=n@example.org', '-c', 'commit.gpgsign=false'];
  expect(spawnSync('git', [...own, ...args], { cwd, encoding: 'utf8' }).stderr).toBe('');
};

/** Programs of the recipes that are not here; `npx` runs the built program, whatever package it is asked for. */
const programs = {
  npx: `[ "$1" = --yes ] || exit 99\nshift 2\nexec "${process.execPath}" "${bin}" "$@"`,
  dlint: `exec "${process.execPath}" "${bin}" "$@"`,
  reviewdog: 'cat > "$STAGING/reviewdog.in"',
  docker: `[ "$1 $3" = "save -o" ] || exit 99\ncp "${join(root, 'examples/app/image.tar')}" "$4"`,
};

/** Runs a line as the system does whose recipe it is in; only what is written into this folder is left. */
function run(line: string) {
  const staging = join(cwd, 'staging');
  const shims = join(cwd, 'shims');
  for (const each of [staging, shims]) mkdirSync(each, { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(shims, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(shims, name), 0o755);
  }
  const env = {
    PATH: `${shims}:${process.env.PATH}`,
    HOME: cwd,
    DLINT_CACHE: 'off',
    STAGING: staging,
    // What the systems set.
    GITHUB_BASE_REF: 'main',
    DLINT_PACKAGE: 'dlint',
    DLINT_PATHS: '.',
  };
  const script = line.replaceAll('$(Build.ArtifactStagingDirectory)', staging);
  return spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd, env, encoding: 'utf8' });
}

/** Whole command lines of shells in the recipes. */
function linesOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/(?:npx --yes|docker save|dlint lint) [^\n'`]+/g)].map(([line]) => line);
}

test.each(pages.filter((page) => linesOf(page).length > 0))('%s: its command lines run', (page) => {
  if (!existsSync(join(cwd, '.git'))) {
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'first');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  }
  for (const line of linesOf(page)) {
    const { status, stderr } = run(line);
    expect([line, status, stderr]).toEqual([line, expect.toSatisfy((code) => code === 0 || code === 1), '']);
  }
});

test('the job of GitLab writes the report that it names', () => {
  const { dlint: job } = parse(readFileSync(join(root, 'docs/ci/gitlab.yml'), 'utf8'));
  expect(run(job.script.join('\n')).status).toBe(1);
  const report = JSON.parse(readFileSync(join(cwd, job.artifacts.reports.codequality), 'utf8'));
  expect(report[0]).toMatchObject({ check_name: 'pip-cache', location: { path: 'Dockerfile', lines: { begin: 2 } } });
});

test('what reviewdog gets, and what Azure and Jenkins look for', () => {
  for (const page of ['docs/ci/reviewdog.md', 'docs/ci/azure.md', 'docs/ci/jenkins.md']) linesOf(page).forEach(run);
  const [diagnostic] = readFileSync(join(cwd, 'staging/reviewdog.in'), 'utf8').split('\n');
  expect(JSON.parse(diagnostic ?? '')).toMatchObject({ location: { path: 'Dockerfile' }, suggestions: [{}] });
  expect(JSON.parse(readFileSync(join(cwd, 'staging/dlint.sarif'), 'utf8')).version).toBe('2.1.0');
  expect(readFileSync(join(cwd, 'dlint.xml'), 'utf8')).toContain('<checkstyle');
});
