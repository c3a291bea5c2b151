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
  /** Only with one of these does it run one. */
  readonly needs?: readonly string[];
  /** What it runs stands behind `--`, whatever is before. */
  readonly dashes?: boolean;
  /** The words behind its name that make it run one: `conda run`. */
  readonly subcommand?: string;
}

const condaRun = ['-n', '--name', '-p', '--prefix', '--cwd'];

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
  ['env', { valued: ['-u', '--unset', '-C', '--chdir'], assignments: true }],
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
  // With -u it takes a command, else it is as su.
  ['runuser', { valued: ['-u', '--user', '-g', '--group', '-G', '--supp-group'], needs: ['-u', '--user'] }],
  ['setpriv', { valued: ['--reuid', '--regid', '--groups', '--inh-caps', '--bounding-set', '--securebits'] }],
  ['chroot', { operands: 1 }],
  ['flock', { valued: ['-w', '-E', '--timeout', '--conflict-exit-code'], operands: 1, unless: ['-c', '-u'] }],
  ['setarch', { operands: 1 }],
  ['unshare', { valued: ['-S', '-G', '-R', '-w', '--setuid', '--setgid', '--root', '--wd'] }],
  ['strace', { valued: ['-o', '-e', '-p', '-s', '-a', '-u', '-E'], unless: ['-p'] }],
  ['proot', { valued: ['-r', '-b', '-q', '-w', '-k', '-i', '--rootfs', '--bind'] }],
  ['dbus-run-session', { valued: ['--config-file', '--dbus-daemon'] }],
  ['torsocks', {}],
  ['conda', { subcommand: 'run', valued: condaRun }],
  ['mamba', { subcommand: 'run', valued: condaRun }],
  ['micromamba', { subcommand: 'run', valued: condaRun }],
  ['scl', { subcommand: 'enable', dashes: true }],
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
    const isOne = syntax?.subcommand === undefined || syntax.subcommand === words[start + 1];
    const own = syntax?.subcommand === undefined ? 1 : 2;
    const end = syntax && isOne ? commandStart(words, start + own, syntax) : undefined;
    if (end === undefined || end >= words.length) break;
    found.push({ name, start, end });
    start = end;
  }
  return found;
}

/** Where the wrapped command starts; undefined when the wrapper does not run one. */
function commandStart(words: readonly string[], from: number, syntax: WrapperSyntax): number | undefined {
  let index = from;
  let isMet = syntax.needs === undefined;
  if (syntax.dashes) {
    const dashes = words.indexOf('--', from);
    return dashes < 0 ? undefined : dashes + 1;
  }
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      index++;
      break;
    }
    if (syntax.unless?.includes(word)) return undefined;
    isMet ||= syntax.needs?.includes(word) === true;
    if (syntax.assignments && /^[A-Za-z_]\w*=/.test(word)) continue;
    if (!word.startsWith('-') || word === '-') break;
    if (takesNext(word, syntax.valued ?? [])) index++;
  }
  const end = index + (syntax.operands ?? 0);
  return isMet && !syntax.unless?.includes(words[end] ?? '') ? end : undefined;
}

/** `-u`, `--user` and the cluster `-nu` take the next word, `-uroot` and `--user=root` do not. */
function takesNext(option: string, valued: readonly string[]): boolean {
  if (option.startsWith('--')) return valued.includes(option);
  for (let i = 1; i < option.length; i++) {
    if (valued.includes(`-${option[i]}`)) return i === option.length - 1;
  }
  return false;
}
