import { readCommandLine } from './command-line.ts';
import type { Invocation } from './flags.ts';
import { reportThrown, runInvocation } from './run.ts';
import { openTerminal } from './terminal.ts';

/**
 * Entry of the program. An ordinary command line is read at once; help is made of the same table. What needs a version
 * or an explanation of what is wrong with it goes to oclif, which takes longer to load.
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const invocation = readCommandLine(argv) ?? (await readAnother(argv));
    if (!invocation) return;
    process.exitCode = await runInvocation(invocation);
    // What lint prints is written by now (`writeSync`). Without this, Node takes its heap apart piece by piece.
    if (invocation.command === 'lint') process.exit();
  } catch (thrown) {
    process.exitCode = reportThrown(thrown, openTerminal(argv.includes('--no-color')));
  }
}

async function readAnother(argv: readonly string[]): Promise<Invocation | undefined> {
  const { helpAsked, renderHelp } = await import('./help.ts');
  const asked = helpAsked(argv);
  if (asked === undefined) return await (await import('./oclif.ts')).readWithOclif(argv);
  const terminal = openTerminal(argv.includes('--no-color'));
  terminal.print(renderHelp(asked, terminal.out));
  return undefined;
}
