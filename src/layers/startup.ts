import type { Startup } from '../report/image-report.ts';
import type { ImageConfig } from './image.ts';

/** What `docker run IMAGE` starts: OCI image-spec `Entrypoint` and `Cmd`, Docker's shell and exec forms. */
export function startupOf(config: ImageConfig): Startup {
  const fixed = config.entrypoint ?? [];
  const replaceable = config.cmd ?? [];
  const argv = [...fixed, ...replaceable];
  const program = fixed.length > 0 ? fixed : replaceable;
  const script = scriptOf(program, config);
  if (argv.length === 0) {
    const note = 'neither ENTRYPOINT nor CMD is set: `docker run IMAGE` fails unless it names a command';
    return { argv, fixed, replaceable, form: 'none', notes: [note] };
  }
  const notes = script === undefined ? [] : shellNotes(script, fixed, replaceable);
  return { argv, fixed, replaceable, form: script === undefined ? 'exec' : 'shell', ...(script && { script }), notes };
}

/** The line that a shell is given with `-c`, or undefined where no shell runs. */
function scriptOf(argv: readonly string[], config: ImageConfig): string | undefined {
  const shell = config.shell ?? [];
  if (shell.length > 0 && argv.length > shell.length && shell.every((word, i) => argv[i] === word)) {
    return argv[shell.length];
  }
  const name = (argv[0] ?? '').replace(/^.*[/\\]/, '').toLowerCase();
  const option = argv.findIndex((word, i) => i > 0 && isCommandOption(name, word));
  return option > 0 && option < 5 ? argv[option + 1] : undefined;
}

function isCommandOption(shell: string, word: string): boolean {
  if (/^(?:sh|bash|ash|dash|zsh|ksh)$/.test(shell)) return /^-[a-z]*c$/.test(word);
  if (/^cmd(?:\.exe)?$/.test(shell)) return /^\/c$/i.test(word);
  return /^(?:powershell|pwsh)(?:\.exe)?$/.test(shell) && /^-c(?:ommand)?$/i.test(word);
}

function shellNotes(script: string, fixed: readonly string[], replaceable: readonly string[]): string[] {
  const notes: string[] = [];
  if (!/^\s*exec\s/.test(script)) {
    notes.push(
      'a shell is process 1: it may keep the stop signal from the program (begin the line with `exec`, or use the exec form)',
    );
  }
  if (fixed.length > 0 && !/\$(?:[@*\d]|\{[@*\d])/.test(script)) {
    notes.push(
      replaceable.length > 0
        ? 'ENTRYPOINT is in shell form: CMD and the arguments of `docker run` are not seen'
        : 'ENTRYPOINT is in shell form: the arguments of `docker run` are not seen',
    );
  }
  return notes;
}
