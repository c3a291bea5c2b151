import { DlintError } from './errors.ts';
import { commandSpecs, type Invocation } from './flags.ts';
import { renderBug, renderError } from './report/error-text.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { version } from './version.ts';

/**
 * 0 nothing found, 1 findings, 2 could not run, 130 interrupted. Ctrl-C ends the program as a signal does, which shells
 * show as 130: a handler would have to wait for synchronous work, and files are never half written (`writeFile`).
 */
export type ExitCode = 0 | 1 | 2 | 130;

/** Runs a command and gives its exit code; prints what is thrown. */
export async function runInvocation(invocation: Invocation): Promise<ExitCode> {
  const terminal = openTerminal(invocation.flags['no-color'] === true);
  try {
    await raiseLimits(invocation.flags);
    if (readsImages(invocation)) (await import('./missing-image.ts')).checkImagesExist(invocation);
    return await dispatch(invocation, terminal);
  } catch (thrown) {
    return reportThrown(thrown, terminal);
  }
}

/** Only what reads images has bounds to raise. */
function readsImages({ command }: Invocation): boolean {
  return 'limit' in commandSpecs[command].flags;
}

/** The environment is where threads and programs look, too; what reads it is loaded with the command. */
async function raiseLimits(flags: Invocation['flags']): Promise<void> {
  if (!('limit' in flags) || !flags.limit) return;
  const { readLimits } = await import('./layers/limit-table.ts');
  for (const value of flags.limit) readLimits(value, '--limit');
  process.env.DLINT_LIMITS = [process.env.DLINT_LIMITS ?? '', ...flags.limit].join(',');
}

/** Every command is loaded when it is asked for: the rules alone are most of the program. */
async function dispatch(invocation: Invocation, terminal: Terminal): Promise<ExitCode> {
  switch (invocation.command) {
    case 'lint':
      return (await import('./commands/lint.ts')).lint(invocation, terminal);
    case 'inspect':
      return (await import('./commands/inspect.ts')).inspect(invocation, terminal);
    case 'cat':
      return (await import('./commands/cat.ts')).cat(invocation, terminal);
    case 'extract':
      return (await import('./commands/extract.ts')).extract(invocation, terminal);
    case 'diff':
      return (await import('./commands/diff.ts')).diff(invocation, terminal);
    case 'check':
      return (await import('./commands/check.ts')).check(invocation, terminal);
    case 'shared':
      return (await import('./commands/shared.ts')).shared(invocation, terminal);
    case 'sbom':
      return (await import('./commands/sbom.ts')).sbom(invocation, terminal);
    case 'explain':
      return (await import('./rule-book.ts')).explain(invocation, terminal);
    case 'rules':
      return (await import('./rule-book.ts')).rules(invocation, terminal);
    case 'lsp':
      return (await import('./commands/lsp.ts')).lsp();
    case 'completion':
      return (await import('./rule-book.ts')).completion(invocation, terminal);
    case 'init':
      return (await import('./rule-book.ts')).init(invocation, terminal);
    case 'config':
      return (await import('./rule-book.ts')).config(invocation, terminal);
  }
}

/** Prints an error, or a bug, on standard error. */
export function reportThrown(thrown: unknown, terminal: Terminal): ExitCode {
  if (isAborted(thrown)) return 130;
  terminal.warn(
    isDlintError(thrown)
      ? renderError(thrown, terminal.err)
      : renderBug(thrown, { version, node: process.version }, terminal.err),
  );
  return 2;
}

/** By name, too: every file of the bundle has the class of its own, and errors cross from worker threads. */
function isDlintError(thrown: unknown): thrown is DlintError {
  return thrown instanceof DlintError || (thrown instanceof Error && thrown.name === 'DlintError');
}

function isAborted(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
