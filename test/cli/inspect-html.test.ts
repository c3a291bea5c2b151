import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dlint, folder } from '../support/cli.ts';

const example = resolve(import.meta.dirname, '../../examples/app');
let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({}));
  copyFileSync(join(example, 'image.tar'), join(cwd, 'image.tar'));
  copyFileSync(join(example, 'Dockerfile'), join(cwd, 'Dockerfile'));
});
afterAll(() => remove());

/** What is shown without the script, as text: tags are gaps. */
function textOf(page: string): string {
  return page
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

test('a page in a file, beside the text', () => {
  const args = ['inspect', 'image.tar', '--dockerfile', 'Dockerfile', '-f', 'text', '-f', 'html=app.html'];
  const { stdout, stderr, status } = dlint(args, { cwd });
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toContain('Layers');
  const page = readFileSync(join(cwd, 'app.html'), 'utf8');
  expect(page.slice(0, 15)).toBe('<!doctype html>');
  const text = textOf(page);
  for (const part of GOLDEN) expect(text).toContain(part);
});

const GOLDEN = [
  'image.tar (guestbook:latest) linux/amd64 · created 2023-11-14 22:13 UTC · docker-archive',
  'Stored 1.0 MB Live 706.1 kB 68.7 % of it Dead 321.4 kB 31.3 % of it Layers 10 Files 123 73 directories dive would say 79.7 % efficient, 299.4 kB wasted',
  'env PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin LANG=C.UTF-8 API_TOKEN=********',
  '1 235.3 kB 2.3 kB +73 base image # debian.sh',
  '7 171.0 kB 74.0 kB +61 Dockerfile:10 RUN pip install -r requirements.txt line 10, pip-cache : pip leaves its download cache in this layer → Add --no-cache-dir (dlint lint --fix)',
  '155.0 kB 2 files in var/lib/apt/lists : added in layer 5 (Dockerfile:8: RUN apt-get update), removed in layer 9',
  'need JavaScript. It runs in this page alone: nothing is loaded or sent.',
];

test('on standard output it is the same, and the same each time', () => {
  const { stdout, status } = dlint(['inspect', 'image.tar', '-f', 'html'], { cwd });
  expect(status).toBe(0);
  expect(stdout.endsWith('</html>\n')).toBe(true);
  dlint(['inspect', 'image.tar', '-f', 'html=again.html'], { cwd });
  expect(readFileSync(join(cwd, 'again.html'), 'utf8')).toBe(stdout);
});

test('the page has everything, whatever the other formats are to show', () => {
  dlint(['inspect', 'image.tar', '-f', 'html=all.html'], { cwd });
  const args = [
    'inspect',
    'image.tar',
    '--changes',
    'added',
    '--filter',
    'etc',
    '-f',
    'csv=some.csv',
    '-f',
    'html=some.html',
  ];
  expect(dlint(args, { cwd }).status).toBe(0);
  expect(readFileSync(join(cwd, 'some.html'), 'utf8')).toBe(readFileSync(join(cwd, 'all.html'), 'utf8'));
});

test('no half page is left when the image cannot be read', () => {
  const { status } = dlint(['inspect', 'nowhere.tar', '-f', 'html=half.html'], { cwd });
  expect(status).toBe(2);
  expect(existsSync(join(cwd, 'half.html'))).toBe(false);
});

test('the help names it', () => {
  expect(dlint(['inspect', '--help']).stdout).toMatch(/dlint inspect app\.tar -f html=app\.html/);
});
