import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

// As those who use the plugin run it: a configuration names it, the program finds it.
test('the program runs the rules', () => {
  const cwd = fileURLToPath(new URL('./project/', import.meta.url));
  const dlint = (...args) =>
    spawnSync('npx', ['--no-install', 'dlint', 'lint', ...args], { cwd, encoding: 'utf8' });

  const { status, stdout, stderr } = dlint('-f', 'json', '--select', 'example/image-mirror,example/todo-ticket');
  assert.equal(status, 1, stderr);
  const found = JSON.parse(stdout).files.flatMap(({ findings }) => findings);
  assert.deepEqual(
    found.map(({ rule, severity }) => [rule, severity]),
    [
      ['example/image-mirror', 'error'],
      ['example/todo-ticket', 'style'],
    ],
  );
  assert.match(dlint('--diff', '--fix-unsafe', '--select', 'example/image-mirror').stdout, /^\+FROM registry\.acme\/hub\/library\/debian:13$/m);
  assert.equal(dlint('--no-plugins', '--select', 'sudo').status, 0);
});
