import { DlintError } from '../errors.ts';
import { commandSpecs, type InvocationOf } from '../flags.ts';
import { openFlags } from '../image-flags.ts';
import { Scratch } from '../layers/scratch.ts';
import { compareLayers } from '../layers/shared-layers.ts';
import { readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import { renderSharedJson, renderSharedText } from '../report/shared-report.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

/** Shows which layers and bytes images have in common. */
export async function shared({ args, flags }: InvocationOf<'shared'>, terminal: Terminal): Promise<0> {
  const outputs = readOutputs(flags.format, commandSpecs.shared.formats);
  if (args.length < 2) {
    throw new DlintError('E_USAGE', 'one image shares nothing', {
      where: `dlint shared ${args.join(' ')}`,
      hint: commandSpecs.shared.examples[0].command,
    });
  }
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  const scratch = new Scratch();
  try {
    const report = await compareLayers(
      args,
      { name: 'dlint', version },
      {
        scratch,
        ...openFlags(flags),
        onProgress: ({ done, total }) => progress.reportBytes(done, total),
      },
    );
    progress.end();
    writeReport(report, outputs, { text: renderSharedText, json: renderSharedJson }, terminal);
    return 0;
  } finally {
    progress.end();
    scratch.dispose();
  }
}
