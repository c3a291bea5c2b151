// npm run release:tree -- DIR: what a release's tag holds, in a new folder: the published files, built, and what
// pre-commit and GitHub read of a repository. Nothing in it has to be built or installed by those who use the tag.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = process.argv[2];
if (!folder) fail('npm run release:tree -- DIR');
if (existsSync(folder) && readdirSync(folder).length > 0) fail(`${folder} is not empty`);

run('npm', ['run', '--silent', 'build']);
mkdirSync(folder, { recursive: true });
const packed = run('npm', ['pack', '--silent', '--pack-destination', folder]).trim().split('\n').pop();
run('tar', ['-xzf', join(resolve(folder), packed), '-C', resolve(folder), '--strip-components=1']);
rmSync(join(folder, packed));
for (const name of ['.pre-commit-hooks.yaml', 'action.yml']) cpSync(join(root, name), join(folder, name));

// pre-commit installs the tag as a package: scripts and what is only for development would be run and fetched.
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
delete manifest.scripts;
delete manifest.devDependencies;
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
process.stdout.write(`${folder}: the tree of v${manifest.version}\n`);

function run(program, words) {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`${program} ${words.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
