import { readCommandLine } from './command-line.ts';
import { runInvocation } from './run.ts';

/**
 * Entry of the program. An ordinary command line is run at once; what needs help texts, a version, a completion
 * script or an explanation of what is wrong with it goes to oclif, which takes longer to load.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const invocation = readCommandLine(argv);
  process.exitCode = invocation
    ? await runInvocation(invocation)
    : await (await import('./oclif.ts')).runWithOclif(argv);
}
