import { homedir } from 'node:os';
import { win32 } from 'node:path';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import { cacheFolder } from '../src/cache-folder.ts';
import { slashed } from '../src/discover.ts';
import { lint } from '../src/lint/lint.ts';
import { ruleSet } from '../src/lint/rule-set.ts';
import { plainPath } from '../src/report/lint-formats/placed.ts';
import { dlint, folder } from './support/cli.ts';

describe('where caches are', () => {
  test('Linux and macOS: XDG_CACHE_HOME, else .cache at home; a relative path is none', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      expect(cacheFolder({ XDG_CACHE_HOME: '/var/c' }, platform)).toBe('/var/c');
      expect(cacheFolder({ XDG_CACHE_HOME: 'c', LOCALAPPDATA: '/no' }, platform)).toBe(`${homedir()}/.cache`);
    }
  });

  test('Windows: LOCALAPPDATA', () => {
    const local = 'C:\\Users\\a b\\AppData\\Local';
    expect(cacheFolder({ LOCALAPPDATA: local }, 'win32')).toBe(local);
    expect(cacheFolder({ LOCALAPPDATA: local, XDG_CACHE_HOME: 'D:\\c' }, 'win32')).toBe('D:\\c');
  });
});

describe('paths of Windows', () => {
  test('patterns separate with either slash', () => {
    const matches = picomatch(slashed('services\\*\\Dockerfile', 'win32'));
    expect(matches('services/a/Dockerfile')).toBe(true);
    // Elsewhere a backslash is a character.
    expect(slashed('a\\*b', 'linux')).toBe('a\\*b');
  });

  test('reports have paths with slashes, whatever the shell gave', () => {
    expect(plainPath(win32.join('.', 'services', 'a', 'Dockerfile'))).toBe('services/a/Dockerfile');
    expect(plainPath('.\\Dockerfile')).toBe('Dockerfile');
  });
});

test('line ends of Windows change no finding', () => {
  const text = 'FROM python:3.13\nRUN pip install \\\n  flask\nCMD python app.py\n';
  const told = (each: string) =>
    lint({ path: 'Dockerfile', text: each }, ruleSet(rules)).findings.map(({ rule, message }) => [rule, message]);
  expect(told(text.replaceAll('\n', '\r\n'))).toEqual(told(text));
  expect(told(text).length).toBeGreaterThan(1);
});

test('a plugin may lie in a folder whose name would mean something in a URL', () => {
  const rule = `export default { id: 'acme/no-curl', category: 'style', severity: 'error', summary: 's', why: 'w',
    examples: [{ bad: 'FROM a\\nRUN «curl»\\n' }], *check({ dockerfile }) { yield { at: { start: 0, end: 4 }, message: 'found' }; } };`;
  const files = folder({
    'a#b %41?/acme.mjs': rule,
    'a#b %41?/.dlint.yaml': 'plugins: [./acme.mjs]\n',
    'a#b %41?/Dockerfile': 'FROM scratch\n',
  });
  const { stdout, stderr } = dlint(['lint', '-f', 'compact', 'a#b %41?/Dockerfile'], { cwd: files.path });
  files.remove();
  expect(stderr).toBe('');
  expect(stdout).toContain('acme/no-curl: found');
});
