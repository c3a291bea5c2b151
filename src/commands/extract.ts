import { commandSpecs, type InvocationOf } from '../flags.ts';
import { readSize } from '../image-flags.ts';
import { noteWarnings } from '../image-notes.ts';
import { extractImage } from '../layers/extract.ts';
import { Scratch } from '../layers/scratch.ts';
import { readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import { renderExtractJson, renderExtractText } from '../report/extract-report.ts';
import { stackFlagged } from '../stack-flagged.ts';
import type { Terminal } from '../terminal.ts';

/** Unpacks an image below a folder. 1 when paths are left that could not be made there. */
export async function extract({ args, flags }: InvocationOf<'extract'>, terminal: Terminal): Promise<0 | 1> {
  const [reference = '', target = ''] = args;
  const outputs = readOutputs(flags.format, commandSpecs.extract.formats);
  const maxBytes = flags['max-size'] === undefined ? undefined : readSize('--max-size', flags['max-size']);
  const isQuiet = flags.quiet === true;
  const progress = startProgress('Reading layers', isQuiet, terminal);
  const writing = startProgress('Extracting', isQuiet, terminal);
  const scratch = new Scratch();
  try {
    const stacked = await stackFlagged(reference, flags, { scratch, progress });
    progress.end();
    noteWarnings(stacked.image, isQuiet, terminal);
    const report = await extractImage(stacked, target, {
      ...(flags.path && { globs: flags.path }),
      force: flags.force === true,
      setuid: flags.setuid === true,
      devices: flags.devices === true,
      ...(maxBytes !== undefined && { maxBytes }),
      onProgress: ({ done, total }) => writing.reportBytes(done, total),
    });
    writing.end();
    const isSilent = isQuiet && flags.format === undefined && report.problemCount === 0;
    if (!isSilent) writeReport(report, outputs, { text: renderExtractText, json: renderExtractJson }, terminal);
    return report.problemCount > 0 ? 1 : 0;
  } finally {
    progress.end();
    writing.end();
    scratch.dispose();
  }
}
