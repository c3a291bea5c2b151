import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandSpecs } from '../../src/flags.ts';
import { dlint, folder } from '../support/cli.ts';
import { hasTmux, TestTerminal } from '../support/tmux.ts';

const has = (program: string) => Boolean(process.env.CI) || spawnSync(program, ['--version']).status === 0;
const levels = ['error', 'info', 'never', 'style', 'warning'];

let files: ReturnType<typeof folder>;
beforeAll(() => {
  files = folder({ 'app.tar': '', Dockerfile: '', 'sub dir/a': '', 'sub/b': '' });
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { status, stdout } = dlint(['completion', shell]);
    expect(status).toBe(0);
    writeFileSync(join(files.path, `.completion.${shell}`), stdout);
  }
});
afterAll(() => files.remove());

test('a shell that is not known is told of', () => {
  const { status, stderr } = dlint(['completion', 'fihs']);
  expect(status).toBe(2);
  expect(stderr).toContain('did you mean fish?');
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('%s: every command and flag is in the script', (shell) => {
  const { stdout } = dlint(['completion', shell]);
  for (const [name, { flags }] of Object.entries(commandSpecs)) {
    expect(stdout).toContain(name);
    for (const flag of Object.keys(flags)) expect(stdout).toMatch(new RegExp(`(?:--|-l )${flag}\\b`));
  }
  for (const word of ['sarif', 'pip-cache', 'DL3042', 'cyclonedx', 'hadolint']) expect(stdout).toContain(word);
});

describe.skipIf(!has('bash'))('bash', () => {
  /** As bash splits the line: `=` is a word of its own. */
  const complete = (...words: string[]) => {
    const script = `source .completion.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _dlint dlint '${words.at(-1)}' '${words.at(-2)}'
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: files.path, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean).sort();
  };

  test('commands, flags and values', () => {
    expect(complete('dlint', 'in')).toEqual(['init', 'inspect']);
    expect(complete('dlint', 'lint', '--fi')).toEqual(['--fix', '--fix-unsafe']);
    expect(complete('dlint', 'lint', '--fail-on', '')).toEqual(levels);
    expect(complete('dlint', 'lint', '--fail-on', '=', 'w')).toEqual(['warning']);
    expect(complete('dlint', 'lint', '--fail-on', '=')).toEqual(levels);
    expect(complete('dlint', 'sbom', '-f', 'spdx')).toContain('spdx');
    expect(complete('dlint', 'explain', 'pip-ca')).toEqual(['pip-cache']);
    expect(complete('dlint', 'completion', '')).toEqual(['bash', 'fish', 'powershell', 'zsh']);
    expect(complete('dlint', 'lint', '--select', 'pip-cache,pip-un')).toEqual(['pip-cache,pip-unpinned']);
    expect(complete('dlint', 'lint', '--context', 'su')).toEqual(['sub', 'sub dir']);
  });

  test('files are left to bash, also behind --', () => {
    expect(complete('dlint', 'inspect', 'ap')).toEqual([]);
    expect(complete('dlint', 'lint', '--config', '')).toEqual([]);
    expect(complete('dlint', 'lint', '-f', 'sarif', '=', 'o')).toEqual([]);
    expect(complete('dlint', 'lint', '--', '--fi')).toEqual([]);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  const complete = (line: string) => {
    const script = `source .completion.fish; complete -C ${JSON.stringify(line)}`;
    const env = { ...process.env, HOME: files.path, XDG_CONFIG_HOME: files.path, XDG_DATA_HOME: files.path };
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], {
      cwd: files.path,
      encoding: 'utf8',
      env,
    });
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .map((found) => found.split('\t')[0] as string)
      .filter(Boolean)
      .sort();
  };

  test('commands, flags and values', () => {
    expect(complete('dlint ')).toEqual(Object.keys(commandSpecs).sort());
    expect(complete('dlint lint --fix')).toEqual(['--fix', '--fix-unsafe']);
    expect(complete('dlint lint --fail-on ')).toEqual(levels);
    expect(complete('dlint lint --fail-on=w')).toEqual(['--fail-on=warning']);
    expect(complete('dlint explain pip-ca')).toEqual(['pip-cache']);
    expect(complete('dlint lint --select pip-cache,pip-un')).toEqual(['pip-cache,pip-unpinned']);
    expect(complete('dlint completion ')).toEqual(['bash', 'fish', 'powershell', 'zsh']);
  });

  test('files where files belong', () => {
    expect(complete('dlint inspect ap')).toEqual(['app.tar']);
    expect(complete('dlint rules ap')).toEqual([]);
    expect(complete('dlint lint --context su')).toEqual(['sub dir/', 'sub/']);
    // A path that is called as a command is none.
    expect(complete('dlint inspect lint --fix')).toEqual([]);
  });
});

describe.skipIf(!has('zsh') || !hasTmux)('zsh', { timeout: 60_000 }, () => {
  /** A person's terminal: the line with Tab, and what zsh shows then. */
  const complete = async (line: string, shown: string | RegExp) => {
    const setup =
      'PS1="ready> "; cd $COMPLETED; autoload -Uz compinit && compinit -D; setopt no_beep no_always_last_prompt; source .completion.zsh; clear';
    const terminal = new TestTerminal([], {
      columns: 120,
      rows: 40,
      env: { COMPLETED: files.path, LISTMAX: '1000', PS1: 'begin> ' },
      line: `zsh -f -i`,
    });
    try {
      await terminal.until(/^begin>/m, 20_000);
      terminal.type(setup);
      terminal.press('Enter');
      await terminal.until(/^ready>/m, 20_000);
      terminal.type(line);
      terminal.press('Tab');
      return await terminal.until(shown, 20_000);
    } finally {
      terminal.close();
    }
  };

  test.each([
    ['dlint insp', 'dlint inspect'],
    ['dlint lint --fail-on=w', '--fail-on=warning'],
    ['dlint lint --preset bu', '--preset buildkit'],
    ['dlint explain pip-ca', 'dlint explain pip-cache'],
    ['dlint lint --select pip-cache,pip-unp', 'pip-cache,pip-unpinned'],
    ['dlint inspect ap', 'dlint inspect app.tar'],
    ['dlint sbom app.tar -f github-s', /-f github-\w+/],
  ])('%s', async (line, shown) => {
    await complete(line, shown);
  });

  test('flags come with what they are for', async () => {
    expect(await complete('dlint lint --fix', '--fix-unsafe')).toMatch(/--fix +-- Repair what can be repaired safely/);
  });
});
