import { programName } from './dialect.ts';

/** How a program that runs another one takes its own arguments. */
interface WrapperSyntax {
  /** Options whose value is the next word. */
  readonly valued?: readonly string[];
  /** Words of its own before the command. */
  readonly operands?: number;
  /** `NAME=value` words may stand before the command. */
  readonly assignments?: boolean;
  /** With one of these, it does not run the command. */
  readonly unless?: readonly string[];
}

const wrappers: ReadonlyMap<string, WrapperSyntax> = new Map<string, WrapperSyntax>([
  [
    'sudo',
    {
      valued: [
        ...[
          '-u',
          '-g',
          '-h',
          '-p',
          '-C',
          '-r',
          '-t',
          '-D',
          '-R',
          '-T',
          '-U',
          '--user',
          '--group',
          '--host',
          '--prompt',
        ],
        ...['--close-from', '--role', '--type', '--chdir', '--chroot', '--command-timeout', '--other-user'],
      ],
      assignments: true,
      unless: ['-l', '-v', '-e'],
    },
  ],
  ['doas', { valued: ['-u', '-C'] }],
  ['env', { valued: ['-u', '--unset', '-C', '--chdir'], assignments: true, unless: ['-S'] }],
  ['time', { valued: ['-f', '-o', '--format', '--output'] }],
  ['nice', { valued: ['-n', '--adjustment'] }],
  ['ionice', { valued: ['-c', '-n', '--class', '--classdata'], unless: ['-p'] }],
  ['nohup', {}],
  ['exec', { valued: ['-a'] }],
  ['command', { unless: ['-v', '-V'] }],
  ['builtin', {}],
  [
    'xargs',
    {
      valued: [
        ...['-a', '-d', '-E', '-I', '-L', '-n', '-P', '-s', '--arg-file', '--delimiter', '--eof', '--max-lines'],
        ...['--max-args', '--max-procs', '--max-chars'],
      ],
    },
  ],
  ['timeout', { valued: ['-k', '-s', '--kill-after', '--signal'], operands: 1 }],
  ['setsid', {}],
  ['stdbuf', { valued: ['-i', '-o', '-e', '--input', '--output', '--error'] }],
  ['unbuffer', {}],
  ['gosu', { operands: 1 }],
  ['su-exec', { operands: 1 }],
  ['busybox', {}],
  ['fakeroot', {}],
  ['eatmydata', {}],
  ['chronic', {}],
  ['linux32', {}],
  ['linux64', {}],
  ['dumb-init', { valued: ['-r', '--rewrite'] }],
  ['tini', { valued: ['-p', '-e'] }],
  ['catatonit', {}],
  ['ssh-agent', {}],
  [
    'xvfb-run',
    { valued: ['-e', '-f', '-n', '-p', '-s', '-w', '--error-file', '--server-num', '--server-args', '--wait'] },
  ],
]);

/** Whether a program may run another one. */
export function isWrapper(name: string): boolean {
  return wrappers.has(name);
}

/** One wrapper in front of a command: the words `[start, end)` are its own. */
export interface WrapperRange {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The wrappers at the front of a command line, outermost first; what they run starts at the last one's end. */
export function wrappersOf(words: readonly string[]): readonly WrapperRange[] {
  const found: WrapperRange[] = [];
  for (let start = 0; start < words.length; ) {
    const name = programName(words[start] ?? '');
    const syntax = wrappers.get(name);
    const end = syntax ? commandStart(words, start + 1, syntax) : undefined;
    if (end === undefined || end >= words.length) break;
    found.push({ name, start, end });
    start = end;
  }
  return found;
}

/** Where the wrapped command starts; undefined when the wrapper does not run one. */
function commandStart(words: readonly string[], from: number, syntax: WrapperSyntax): number | undefined {
  let index = from;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      index++;
      break;
    }
    if (syntax.unless?.includes(word)) return undefined;
    if (syntax.assignments && /^[A-Za-z_]\w*=/.test(word)) continue;
    if (!word.startsWith('-') || word === '-') break;
    if (takesNext(word, syntax.valued ?? [])) index++;
  }
  return index + (syntax.operands ?? 0);
}

/** `-u`, `--user` and the cluster `-nu` take the next word, `-uroot` and `--user=root` do not. */
function takesNext(option: string, valued: readonly string[]): boolean {
  if (option.startsWith('--')) return valued.includes(option);
  for (let i = 1; i < option.length; i++) {
    if (valued.includes(`-${option[i]}`)) return i === option.length - 1;
  }
  return false;
}
