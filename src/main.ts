import { readCommandLine } from './command-line.ts';
import { reportThrown, runInvocation } from './run.ts';
import { openTerminal } from './terminal.ts';

/**
 * Entry of the program. An ordinary command line is read at once; what needs help texts, a version, a completion
 * script or an explanation of what is wrong with it goes to oclif, which takes longer to load.
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const invocation = readCommandLine(argv) ?? (await (await import('./oclif.ts')).readWithOclif(argv));
    if (!invocation) return;
    process.exitCode = await runInvocation(invocation);
    // What lint prints is written by now (`writeSync`). Without this, Node takes its heap apart piece by piece.
    if (invocation.command === 'lint') process.exit();
  } catch (thrown) {
    process.exitCode = reportThrown(thrown, openTerminal(argv.includes('--no-color')));
  }
}
