import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { dlint } from '../support/cli.ts';
import { hasTmux, type TerminalOptions, TestTerminal } from '../support/tmux.ts';

const root = resolve(import.meta.dirname, '../..');
const image = join(root, 'examples/app/image.tar');
const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 160, rows: 50 };

test('there is a tmux where all tests must run', () => {
  if (process.env.CI) expect(hasTmux).toBe(true);
});

describe('without a terminal', () => {
  test('it says so', () => {
    const { stdout, stderr, status } = dlint(['inspect', '-i', image]);
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(
      /^error {2}--interactive needs a terminal, and standard output is none\nwhere {2}--interactive\ntry /,
    );
  });

  test.each([
    [['--format', 'json'], '--format is for reports, not for looking around'],
    [['--path', 'etc'], '--path is for reports'],
    [['--changes', 'new'], 'new is no kind of change'],
    [['--filter', '~('], '--filter: Unterminated group'],
    [['--layer', 'x'], 'x is not the number of a layer'],
  ])('%j is refused before that', (flags, message) => {
    const { stderr, status } = dlint(['inspect', '-i', image, ...flags]);
    expect([stderr.split('\n')[0], status]).toEqual([expect.stringContaining(message), 2]);
  });
});

describe.skipIf(!hasTmux)('on a terminal', { timeout: 240_000 }, () => {
  let terminal: TestTerminal | undefined;
  const open = (args: readonly string[], options: TerminalOptions = SMALL): TestTerminal => {
    terminal = new TestTerminal(['inspect', '-i', ...args], options);
    return terminal;
  };
  afterEach(() => terminal?.close());

  test.each([SMALL, LARGE])('layers, tree, details and a file at %o', async (size) => {
    const shown = open([image, '--dockerfile', join(root, 'examples/app/Dockerfile')], size);
    await shown.until('321.4 kB dead');
    shown.press('Down', 'Down', 'Down');
    expect(await shown.until('Layers 4 of 10')).toMatch(/ 4 +59\.0 kB +59\.0 kB +Dockerfile:6 COPY \. \./);
    shown.press('Tab', 'c');
    await shown.until(/Changes of layer 4 · 1\d lines/);
    shown.press('f');
    shown.type('app.py');
    shown.press('Enter');
    await shown.until('/app/app.py · layer 4 · added');
    shown.press('Enter');
    await shown.until('app/app.py · 331 B');
    expect(await shown.until('import')).toContain('flask');
    shown.press('x');
    await shown.until('00000000  ');
    shown.press('q', 'Tab');
    expect(await shown.until(/path +\/app\/app\.py/)).toMatch(/mode +-rw-r--r-- \(0644\)/);
    shown.press('q');
    await shown.until('ended with 0');
  });

  test('leaves the terminal as it was', async () => {
    const shown = open([image]);
    await shown.until('321.4 kB dead');
    expect(shown.ask('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('1 0 0');
    shown.press('C-c');
    await shown.until('ended with 130');
    expect(shown.ask('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('0 1 1');
    shown.type('stty -a | tr ";" "\\n" | grep -c -- "-icanon\\|-echo "');
    shown.press('Enter');
    await shown.until(/^0$/m);
  });

  test('Ctrl-Z stops it, fg goes on', async () => {
    const shown = open([image]);
    await shown.until('321.4 kB dead');
    shown.press('Down', 'C-z');
    await shown.until(/Stopped/);
    expect(shown.ask('#{alternate_on} #{cursor_flag}')).toBe('0 1');
    shown.type('fg');
    shown.press('Enter');
    await shown.until('Layers 2 of 10');
    shown.press('Down');
    await shown.until('Layers 3 of 10');
    shown.press('q');
    await shown.until(/^\$$/m);
    expect(shown.ask('#{alternate_on}')).toBe('0');
  });

  test.each(['TERM', 'HUP', 'INT'])('SIG%s ends it, and gives the terminal back', async (signal) => {
    const shown = open([image]);
    await shown.until('321.4 kB dead');
    const tty = shown.ask('#{pane_tty}').replace('/dev/', '');
    const { stdout } = spawnSync('ps', ['-t', tty, '-o', 'pid=,args='], { encoding: 'utf8' });
    const pid = stdout
      .split('\n')
      .find((line) => line.includes('inspect -i'))
      ?.trim()
      .split(' ')[0];
    process.kill(Number(pid), `SIG${signal}`);
    await shown.until(/ended with 1(?:43|29|30)/);
    expect(shown.ask('#{alternate_on} #{cursor_flag}')).toBe('0 1');
  });

  test('follows the size of the terminal', async () => {
    const shown = open([image], LARGE);
    await shown.until('321.4 kB dead');
    expect(await shown.until('─ Details')).toContain('│');
    shown.resize(60, 15);
    expect((await shown.until(/^ Layers 1 of 10$/m)).split('\n')[14]).toContain('? help  q quit');
    shown.resize(30, 6);
    await shown.until('235.3 kB');
    shown.resize(10, 3);
    await shown.until('too small');
    shown.resize(120, 40);
    await shown.until('─ Details');
    shown.press('q');
    await shown.until('ended with 0');
  });

  test('an image through a pipe: the keyboard is the terminal, files can be read', async () => {
    const shown = open([], { ...SMALL, line: `cat '${image}' | dlint inspect -i -` });
    await shown.until('321.4 kB dead');
    shown.press('Tab', '/');
    shown.type('debian_version');
    shown.press('Enter', 'G', 'Enter');
    await shown.until('etc/debian_version · 6 B');
    shown.press('q', 'q');
    await shown.until('ended with 0');
  });

  test('a pipe that brings nothing can be left', async () => {
    const shown = open([], { ...SMALL, line: 'sleep 50 | dlint inspect -i -' });
    await shown.until('opening the image');
    shown.press('q');
    // The shell waits for sleep; the terminal is back at once.
    const end = Date.now() + 10_000;
    while (shown.ask('#{alternate_on}') !== '0' && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
    expect(shown.ask('#{alternate_on}')).toBe('0');
  });

  test('what is no image is an error on the ordinary screen', async () => {
    const shown = open([join(root, 'package.json')]);
    const text = await shown.until('ended with 2');
    expect(text).toContain('error  not an image: a text file');
    expect(shown.ask('#{alternate_on}')).toBe('0');
  });

  test('colours, unless they are not wanted', async () => {
    const shown = open([image]);
    await shown.until('321.4 kB dead');
    expect(shown.screen(true)).toContain('\x1b[32m+');
    shown.press('q');
    await shown.until('ended with 0');
    shown.close();
    const plain = open([image], { ...SMALL, env: { NO_COLOR: '1' } });
    await plain.until('321.4 kB dead');
    expect(plain.screen(true)).not.toMatch(/\x1b\[[0-9;]*3[0-7]/);
    expect(plain.screen(true)).toContain('\x1b[7m');
  });

  test('a terminal that cannot move its cursor is refused', async () => {
    const shown = open([image], { ...SMALL, env: { TERM: 'dumb' } });
    expect(await shown.until('ended with 2')).toContain('--interactive needs a terminal, and TERM is dumb');
  });
});

const big = process.env.DLINT_BENCH_IMAGES;

// Only where somebody has made the image: it has 3.7 GB.
if (big && existsSync(join(big, 'big.docker.tar')))
  describe.skipIf(!hasTmux)('on a large image', () => {
    test('keys are answered while it is read, and after', { timeout: 300_000 }, async () => {
      const shown = new TestTerminal(['inspect', '-i', join(big as string, 'big.docker.tar')], LARGE);
      try {
        await shown.until(/Layers 1 of 9/);
        shown.press('Down');
        await shown.until('Layers 2 of 9', 2000);
        await shown.until(/\d GB dead/, 250_000);
        shown.press('Tab', 'e', 'G');
        await shown.until(/lines/, 2000);
        shown.press('q');
        await shown.until('ended with 0');
      } finally {
        shown.close();
      }
    });
  });
