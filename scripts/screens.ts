import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * npm run screens: writes real output into the `console` blocks of README.md. A block begins with `$ dlint …`; the rest
 * of it is what the built dlint prints for that, on 100 columns and without colour. `| head -N` and `| tail -N` cut it.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const SCREEN = /^(```console\n\$ dlint (.+)\n)[\s\S]*?(^```$)/gm;

/** The Markdown with every screen as it is now. */
export function refreshScreens(markdown: string): string {
  return markdown.replace(SCREEN, (_, head: string, command: string, end: string) => head + output(command) + end);
}

function output(command: string): string {
  const [words = '', part] = command.split(' | ');
  const { stdout, stderr } = spawnSync(process.execPath, ['bin/run.js', ...words.split(' ')], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
    maxBuffer: 2 ** 26,
  });
  const lines = `${stdout}${stderr}`.trimEnd().split('\n');
  return `${cut(lines, part).join('\n')}\n`;
}

function cut(lines: readonly string[], part: string | undefined): readonly string[] {
  const [, end, count] = /^(head|tail) -(\d+)$/.exec(part ?? '') ?? [];
  if (end === undefined) return lines;
  return end === 'head' ? lines.slice(0, Number(count)) : lines.slice(-Number(count));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = `${root}README.md`;
  writeFileSync(readme, refreshScreens(readFileSync(readme, 'utf8')));
}
