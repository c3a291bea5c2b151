/** What language a script is in. `sh` and `bash` are read; of the others only the name is known. */
export type Dialect = 'sh' | 'bash' | 'powershell' | 'cmd' | 'other';

/** The shell that runs shell forms: the default, or what SHELL says. */
export interface Shell {
  /** The program and its arguments, e.g. `/bin/sh`, `-c`. */
  readonly words: readonly string[];
  readonly dialect: Dialect;
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** False for the default that no SHELL instruction of this file has set. */
  readonly isSet: boolean;
}

/** Options of a shell that decide whether a failure ends the script. */
export interface ShellOptions {
  errexit: boolean;
  pipefail: boolean;
}

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['sh', 'sh'],
  ['dash', 'sh'],
  ['ash', 'sh'],
  ['busybox', 'sh'],
  ['bash', 'bash'],
  ['zsh', 'bash'],
  ['ksh', 'bash'],
  ['mksh', 'bash'],
  ['rbash', 'bash'],
  ['powershell', 'powershell'],
  ['pwsh', 'powershell'],
  ['cmd', 'cmd'],
]);

/** The file name of a program path, `.exe` removed, whichever system's slashes it has. */
export function programName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return name.toLowerCase().endsWith('.exe') ? name.slice(0, -4).toLowerCase() : name;
}

/** Whether a program is a shell, and which language it reads. */
export function dialectOf(program: string): Dialect | undefined {
  return dialects.get(programName(program));
}

/** What the words of a SHELL instruction mean. */
export function shellOf(words: readonly string[], isSet: boolean): Shell {
  const dialect = dialectOf(words[0] ?? '') ?? dialectOf(words.find((word) => dialectOf(word)) ?? '') ?? 'other';
  const options: ShellOptions = { errexit: false, pipefail: false };
  applySet(words.slice(1), options);
  return { words, dialect, isSet, ...options };
}

/** The shell forms' default: Dockerfile reference, SHELL. */
export function defaultShell(windows: boolean): Shell {
  return shellOf(windows ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c'], false);
}

/** What the arguments of `set`, or of a shell itself, switch on and off. */
export function applySet(words: readonly string[], options: ShellOptions): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!/^[-+][A-Za-z]+$/.test(word)) continue;
    const on = word.startsWith('-');
    if (word.includes('e')) options.errexit = on;
    if (!word.includes('o')) continue;
    const option = words[++i];
    if (option === 'pipefail') options.pipefail = on;
    if (option === 'errexit') options.errexit = on;
  }
}

/** The interpreter that a `#!` line names, seen through `env`. */
export function shebang(text: string): readonly string[] | undefined {
  if (!text.startsWith('#!')) return undefined;
  const end = text.indexOf('\n');
  const words = text
    .slice(2, Math.min(end < 0 ? text.length : end, 1000))
    .trim()
    .split(/[ \t]+/);
  const isEnv = programName(words[0] ?? '') === 'env';
  return isEnv ? words.slice(1).filter((word) => word !== '-S') : words;
}
