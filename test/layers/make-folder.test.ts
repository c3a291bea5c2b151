import { execFileSync } from 'node:child_process';
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/layers/make-folder.ts';
import { temporaryFolder } from '../support/images.ts';

describe('makeFolder', () => {
  it('makes what is missing above, with the mode, and takes what is there', () => {
    const folder = join(temporaryFolder(), 'a', 'b', 'c');
    makeFolder(folder, 0o700);
    makeFolder(folder, 0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('says what is in the way', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file', 'a'))).toThrow('ENOTDIR');
    symlinkSync('nowhere', join(root, 'link'));
    expect(() => makeFolder(join(root, 'link'))).toThrow('EEXIST');
  });

  // In a process of its own: what it must not do is to go on for ever.
  it.skipIf(!existsSync('/proc/self'))('gives up where the file system makes no folders', () => {
    const module = new URL('../../src/layers/make-folder.ts', import.meta.url).href;
    const script = `import { makeFolder } from '${module}'; try { makeFolder('/proc/dlint/a'); } catch (e) { console.log(e.code); }`;
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(output).toBe('ENOENT\n');
  });
});
