import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { folder } from './support/cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const [step] = action.runs.steps;

/** Runs the action's script as a runner does: inputs in the environment, the built program in the action's folder. */
function runAction(inputs: Readonly<Record<string, string>>) {
  const files = folder({
    Dockerfile: 'FROM debian:12\nRUN pip install flask==3.1.2\n',
    'a b/Dockerfile': 'FROM debian\n',
  });
  const summary = join(files.path, 'summary.md');
  writeFileSync(summary, '');
  const names: Readonly<Record<string, string>> = {
    DLINT_PATHS: inputs.paths ?? action.inputs.paths.default,
    DLINT_FAIL_ON: inputs['fail-on'] ?? action.inputs['fail-on'].default,
    DLINT_PRESET: inputs.preset ?? action.inputs.preset.default,
    DLINT_SARIF: inputs['sarif-file'] ?? action.inputs['sarif-file'].default,
    DLINT_ACTION: root,
  };
  expect(Object.keys(step.env).sort()).toEqual(Object.keys(names).sort());
  const env = { ...process.env, ...names, GITHUB_STEP_SUMMARY: summary };
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', step.run], {
    cwd: files.path,
    env,
    encoding: 'utf8',
  });
  const read = (name: string) =>
    existsSync(join(files.path, name)) ? readFileSync(join(files.path, name), 'utf8') : '';
  const isRun = existsSync(join(files.path, 'was-run'));
  const result = { status, stdout, stderr, summary: read('summary.md'), sarif: read('out.sarif'), isRun };
  files.remove();
  return result;
}

test('annotates, writes SARIF and a summary, and fails', () => {
  const { status, stdout, stderr, summary, sarif } = runAction({ 'sarif-file': 'out.sarif' });
  expect(stderr).toBe('');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^::warning file=Dockerfile,line=2,.*title=pip-cache::/m);
  expect(stdout).toMatch(/^::warning file=a b\/Dockerfile,line=1/m);
  expect(summary).toContain('`pip-cache`');
  expect(JSON.parse(sarif).runs[0].results.length).toBeGreaterThan(1);
});

test('paths one a line, a level to fail on; no text of an input is run', () => {
  expect(runAction({ paths: 'a b/Dockerfile\n', 'fail-on': 'error' })).toMatchObject({ status: 0 });
  const { status, stderr, isRun } = runAction({ paths: '$(touch was-run); --fix' });
  expect(status).toBe(2);
  expect(stderr).toContain('$(touch');
  expect(isRun).toBe(false);
});

test('no input stands in the script itself', () => {
  expect(step.run).not.toContain('${{');
});
