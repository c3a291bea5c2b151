import type { Command } from '../shell.ts';
import { type Invocation, readInvocation, type ToolSyntax } from './arguments.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';

const syntax: ToolSyntax = {
  valued: new Set([
    ...['-r', '--requirement', '-c', '--constraint', '-e', '--editable', '-t', '--target', '-i', '--index-url'],
    ...[
      '--extra-index-url',
      '-f',
      '--find-links',
      '--trusted-host',
      '--cert',
      '--client-cert',
      '--cache-dir',
      '--proxy',
    ],
    ...[
      '--log',
      '--timeout',
      '--retries',
      '--exists-action',
      '--platform',
      '--python-version',
      '--implementation',
      '--abi',
    ],
    ...[
      '--root',
      '--prefix',
      '--src',
      '--upgrade-strategy',
      '--no-binary',
      '--only-binary',
      '--progress-bar',
      '--python',
    ],
    ...[
      '--global-option',
      '--install-option',
      '--config-settings',
      '-C',
      '--report',
      '--root-user-action',
      '--use-feature',
    ],
    ...['-d', '--dest', '-w', '--wheel-dir', '--use-deprecated', '--keyring-provider', '--group'],
  ]),
};

const uvSyntax: ToolSyntax = {
  valued: new Set([
    ...[
      ...syntax.valued,
      '-p',
      '--override',
      '--extra',
      '--exclude-newer',
      '--link-mode',
      '--index',
      '--default-index',
    ],
    ...['--index-strategy', '--resolution', '--prerelease', '--project', '--directory', '--torch-backend', '--package'],
  ]),
};

/** `pip`, `pip3`, `pip3.12` and `python3 -m pip`. Not `uv pip`, see `uv`. */
export function pip(command: Command): Invocation | undefined {
  if (/^pip(\d+(\.\d+)?)?$/.test(command.name)) return readInvocation(command, 'pip', 1, syntax);
  if (!/^(python|pypy)(\d+(\.\d+)?)?$/.test(command.name)) return undefined;
  // Python's own options may stand before -m: python3 -u -m pip.
  const module = command.words.findIndex(({ text }, i) => i > 0 && (text === '-m' || !text.startsWith('-')));
  const isPip = command.words[module]?.text === '-m' && command.words[module + 1]?.text === 'pip';
  return isPip ? readInvocation(command, 'pip', module + 2, syntax) : undefined;
}

/** `pip install` in any spelling. */
export function pipInstall(command: Command): Invocation | undefined {
  const found = pip(command);
  return found?.subcommand === 'install' ? found : undefined;
}

/** `uv`: `uv pip install` has subcommand `pip install`, `uv tool install` has `tool install`. */
export function uv(command: Command): Invocation | undefined {
  if (command.name !== 'uv') return undefined;
  const found = readInvocation(command, 'uv', 1, uvSyntax);
  const [second, ...operands] = found.operands;
  if (!second || !['pip', 'tool', 'python', 'cache'].includes(found.subcommand)) return found;
  const head = { start: found.head.start, end: second.span.end };
  return { ...found, subcommand: `${found.subcommand} ${second.text}`, subcommandWord: second, operands, head };
}

/** Requirement specifiers (PEP 508) among the operands: `name==1.2`, `name[extra]>=1`, `name @ URL`, files and folders. */
export function pipPackages({ operands }: Invocation): readonly PackageWord[] {
  const archive = /\.(whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$/;
  return operands.map((word) => {
    const direct = /^([\w.-]+(?:\[[^\]]*\])?)\s*@\s*(\S.*)$/.exec(word.text);
    if (direct) return { word, name: direct[1] ?? '', operator: '@', version: direct[2] ?? '', kind: 'url' };
    const kind = specialKind(word, archive) ?? (/^[^=<>~![]*[/\\]/.test(word.text) ? 'directory' : 'registry');
    return packageWord(word, kind, /^([^=<>~!@;\s]+)\s*(===|==|~=|!=|>=|<=|<|>|@)\s*(.*)$/);
  });
}
