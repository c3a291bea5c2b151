import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Builds dist/ before the tests when a source is newer. When that fails, the tests that run the program fail. */
export default function setup(): void {
  const built = statSync(join(root, 'dist/main.cjs'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newest() < built) return;
  const script = join(root, 'scripts/build.js');
  const { status, stderr } = spawnSync(process.execPath, [script, '--no-types'], { encoding: 'utf8' });
  if (status !== 0) process.env.DLINT_BUILD_FAILED = stderr;
}

function newest(): number {
  const files = ['src', 'rules'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return Math.max(...[...files, 'package.json', 'scripts/build.js'].map((file) => statSync(join(root, file)).mtimeMs));
}
