// node scripts/mirror-tree.js DIR PACKAGE: a repository for pre-commit that holds no program, only what installs it.
// PACKAGE is what `npm install` understands (@OWNER/dlint@0.1.0, an address, a .tgz); a tag of the repository for each version.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [folder, dependency] = process.argv.slice(2);
if (!folder || !dependency) fail('node scripts/mirror-tree.js DIR PACKAGE');
if (existsSync(folder) && readdirSync(folder).some((name) => name !== '.git')) fail(`${folder} is not empty`);

const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const hooks = readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8');
const line = `  additional_dependencies: [${JSON.stringify(dependency)}]`;

mkdirSync(folder, { recursive: true });
write(
  '.pre-commit-hooks.yaml',
  hooks.replace(/^ {2}language: node$/gm, (language) => `${language}\n${line}`),
);
// pre-commit packs the repository as a package, which has to have a name and a version.
write(
  'package.json',
  `${JSON.stringify({ name: 'dlint-pre-commit', version, license, private: true, files: [] }, undefined, 2)}\n`,
);
write(
  'README.md',
  `# dlint for pre-commit\n\nHooks of dlint ${version}, which pre-commit installs as ${dependency}.\n`,
);
process.stdout.write(`${folder}: a mirror of ${dependency}\n`);

function write(name, text) {
  writeFileSync(join(folder, name), text);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
