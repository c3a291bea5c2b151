import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds dist/ once for all tests that run the program. */
export default function setup(): void {
  if (process.env.DLINT_NO_BUILD) return;
  const script = resolve(import.meta.dirname, '../../scripts/build.js');
  const { status, stderr } = spawnSync(process.execPath, [script, '--no-types'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}
