import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Below node_modules, where the types of Node are found and nobody else looks; two runs do not meet. */
const folder = new URL(`../../node_modules/.cache/dlint-mutation-${process.pid}/`, import.meta.url);

/** Which of these sources of rules the compiler refuses, by index. */
export function refused(sources: readonly string[]): ReadonlySet<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // What is left unused by a change is no error of types.
  const options = { noUnusedLocals: false, rootDir: '../../..' };
  const config = { extends: '../../../tsconfig.json', compilerOptions: options, include: ['*.ts'], exclude: [] };
  writeFileSync(new URL('tsconfig.json', folder), JSON.stringify(config));
  sources.forEach((source, i) => {
    writeFileSync(new URL(`${i}.ts`, folder), source.replaceAll("from '../src/", "from '../../../src/"));
  });
  const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
  const { stdout } = spawnSync(tsc, ['--pretty', 'false', '-p', fileURLToPath(folder)], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true, force: true });
  return new Set([...stdout.matchAll(/^(?:.*\/)?(\d+)\.ts\(\d+,\d+\): error /gm)].map(([, i]) => Number(i)));
}
