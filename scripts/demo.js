// npm run demo: from a fresh clone to a linted Dockerfile, an inspected image and its SBOM. Plain JavaScript, because
// it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

if (!existsSync('node_modules/.package-lock.json')) npm('ci');
npm('run', '--silent', 'build');
// 1 is the answer of a lint with findings, and the sample has some.
dlint(['lint', 'examples/app/Dockerfile'], [1]);
dlint(['inspect', 'examples/app/image.tar']);
dlint(['sbom', 'examples/app/image.tar', '-f', 'table', '-f', 'cyclonedx=dist/guestbook.cdx.json']);
process.stdout.write('\nThe SBOM as CycloneDX is in dist/guestbook.cdx.json.\n');

function dlint(words, exits) {
  process.stdout.write(`\n$ dlint ${words.join(' ')}\n\n`);
  run(process.execPath, ['bin/run.js', ...words], exits);
}

function npm(...words) {
  const cli = process.env.npm_execpath;
  if (cli === undefined) run('npm', words);
  else run(process.execPath, [cli, ...words]);
}

function run(program, words, exits = [0]) {
  const { status, error } = spawnSync(program, words, { stdio: 'inherit' });
  if (error) throw error;
  if (!exits.includes(status ?? -1)) process.exit(status || 1);
}
