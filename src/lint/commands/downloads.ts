import type { Command, ShellWord } from '../shell.ts';
import { type Arguments, option, readArguments, type ToolSyntax } from './arguments.ts';

/** What `curl` or `wget` fetches. */
export interface Download extends Arguments {
  readonly command: Command;
  readonly tool: 'curl' | 'wget';
  /** Operands and `--url` values. */
  readonly urls: readonly ShellWord[];
  /** The file it writes; `-` is standard output, absent is the tool's default. */
  readonly output?: string;
}

const curlSyntax: ToolSyntax = {
  valued: new Set(
    [
      ...[
        '-o',
        '--output',
        '-H',
        '--header',
        '-d',
        '--data',
        '--data-raw',
        '--data-binary',
        '--data-urlencode',
        '-X',
        '--request',
      ],
      ...[
        '-u',
        '--user',
        '-A',
        '--user-agent',
        '-e',
        '--referer',
        '-b',
        '--cookie',
        '-c',
        '--cookie-jar',
        '-F',
        '--form',
      ],
      ...['-x', '--proxy', '-T', '--upload-file', '-m', '--max-time', '--connect-timeout', '--retry', '--retry-delay'],
      ...['--retry-max-time', '-w', '--write-out', '--cacert', '--capath', '-E', '--cert', '--key', '--url', '-C'],
      ...['--continue-at', '-K', '--config', '-r', '--range', '-z', '--time-cond', '--proto', '--tlsv1', '--tls-max'],
      ...[
        '--limit-rate',
        '-y',
        '-Y',
        '--speed-limit',
        '--speed-time',
        '--max-redirs',
        '--output-dir',
        '-D',
        '--dump-header',
      ],
      ...[
        '--resolve',
        '--interface',
        '--pinnedpubkey',
        '--netrc-file',
        '--oauth2-bearer',
        '--ciphers',
        '--unix-socket',
        '-U',
      ],
    ].filter((name) => name !== '--tlsv1'),
  ),
};

const wgetSyntax: ToolSyntax = {
  valued: new Set([
    ...[
      '-O',
      '--output-document',
      '-o',
      '--output-file',
      '-a',
      '--append-output',
      '-P',
      '--directory-prefix',
      '-t',
      '--tries',
    ],
    ...[
      '-T',
      '--timeout',
      '-U',
      '--user-agent',
      '--header',
      '--user',
      '--password',
      '-e',
      '--execute',
      '-i',
      '--input-file',
    ],
    ...[
      '-w',
      '--wait',
      '--waitretry',
      '-Q',
      '--quota',
      '-A',
      '--accept',
      '-R',
      '--reject',
      '-I',
      '-X',
      '-D',
      '-l',
      '--level',
    ],
    ...[
      '--post-data',
      '--post-file',
      '--ca-certificate',
      '--ca-directory',
      '--certificate',
      '--private-key',
      '--limit-rate',
    ],
    ...[
      '--secure-protocol',
      '--referer',
      '--load-cookies',
      '--save-cookies',
      '-B',
      '--base',
      '--connect-timeout',
      '--read-timeout',
    ],
  ]),
};

/** `curl` and `wget`. In wget, `-nv`, `-nc`, `-nd`, `-nH` and `-np` are one option each. */
export function download(command: Command): Download | undefined {
  if (command.name === 'curl') return curl(command);
  if (command.name !== 'wget') return undefined;
  const read = readArguments(command.words.slice(1), wgetSyntax);
  const output = option(read, '-O', '--output-document')?.value;
  return { ...read, command, tool: 'wget', urls: read.operands, ...(output === undefined ? {} : { output }) };
}

function curl(command: Command): Download {
  const read = readArguments(command.words.slice(1), curlSyntax);
  const named = read.options.flatMap(({ name, valueWord }) => (name === '--url' && valueWord ? [valueWord] : []));
  const output = option(read, '-o', '--output')?.value ?? (option(read, '-O', '--remote-name') ? undefined : '-');
  return {
    ...read,
    command,
    tool: 'curl',
    urls: [...named, ...read.operands],
    ...(output === undefined ? {} : { output }),
  };
}
