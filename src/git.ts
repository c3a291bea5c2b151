import { type ExecFileException, execFile } from 'node:child_process';
import { DlintError } from './errors.ts';

/** What one call may print. */
const maxBytes = 256 * 1024 * 1024;

/** Paths as they are; nothing that the configuration of a user may change about the output. */
const settings = ['--no-optional-locks', '--literal-pathspecs', '-c', 'core.quotePath=false', '-c', 'color.ui=false'];

/**
 * What git prints, run in `folder`. Arguments go to it as they are: there is no shell.
 * @throws DlintError E_PROGRAM when it is not installed or fails
 */
export async function git(folder: string, args: readonly string[]): Promise<string> {
  const result = await tryGit(folder, args);
  if (typeof result === 'string') return result;
  throw result;
}

/** As `git`; a failure is given back, not thrown. Only git that is not there is thrown. */
export function tryGit(folder: string, args: readonly string[]): Promise<string | DlintError> {
  const env = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  return new Promise((resolve, reject) => {
    execFile('git', [...settings, ...args], { cwd: folder, env, maxBuffer: maxBytes }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') reject(missing());
      else resolve(error ? failure(args, error, stderr) : stdout);
    });
  });
}

function missing(): DlintError {
  return new DlintError('E_PROGRAM', 'git is not there', {
    where: 'no git in PATH',
    hint: 'install it, or leave out --since and --changed',
  });
}

function failure(args: readonly string[], error: ExecFileException, stderr: string): DlintError {
  const said = stderr.trim().split('\n').slice(0, 3).join('\n') || error.message.slice(0, 300);
  return new DlintError('E_PROGRAM', `git ${args[0]} failed`, { where: said, cause: error });
}
