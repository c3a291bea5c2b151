import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const plugin = fileURLToPath(new URL('../index.js', import.meta.url));
const program = fileURLToPath(new URL('../node_modules/.bin/dlint', import.meta.url));

const project = mkdtempSync(join(tmpdir(), 'dlint-plugin-'));
after(() => rmSync(project, { recursive: true }));
writeFileSync(join(project, 'Dockerfile'), 'FROM debian:13\n# TODO say who runs it\nUSER 1000\nCMD ["sleep", "60"]\n');
writeFileSync(
  join(project, '.dlint.yaml'),
  `plugins: ${JSON.stringify(plugin)}   # dlint-plugin-example, for those who have installed it
rules:
  example/image-mirror: [error, { mirror: registry.acme/hub }]
`,
);

// As those who use the plugin run it: a configuration names it, the program finds it.
test('the program runs the rules', () => {
  const dlint = (...args) => spawnSync(program, ['lint', ...args], { cwd: project, encoding: 'utf8' });
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
  const { stdout: diff } = dlint('--diff', '--fix-unsafe', '--select', 'example/image-mirror');
  assert.match(diff, /^\+FROM registry\.acme\/hub\/library\/debian:13$/m);
  assert.equal(dlint('--no-plugins', '--select', 'sudo').status, 0);
});
