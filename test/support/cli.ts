import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
export const bin = join(root, 'bin/run.js');

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built program as a user would, without the colour and CI settings of the one who runs the tests. */
export function dlint(args: readonly string[], { cwd, input, env }: RunOptions = {}): SpawnSyncReturns<string> {
  if (process.env.DLINT_BUILD_FAILED) throw new Error(`the build failed:\n${process.env.DLINT_BUILD_FAILED}`);
  const { NO_COLOR: _n, FORCE_COLOR: _f, CI: _c, COLUMNS: _w, NODE_OPTIONS: _o, ...rest } = process.env;
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: cwd ?? root,
    encoding: 'utf8',
    ...(input !== undefined && { input }),
    env: { ...rest, DLINT_CACHE: 'off', ...env },
    maxBuffer: 1 << 28,
  });
}

/** A folder with these files, and how to remove it. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'dlint-test-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
