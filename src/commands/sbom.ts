import { commandSpecs, type InvocationOf } from '../flags.ts';
import { openCache } from '../image-cache.ts';
import { readPlatform } from '../image-flags.ts';
import { Scratch } from '../layers/scratch.ts';
import { readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import type { Render } from '../report/finding.ts';
import { painter, visible } from '../report/style.ts';
import { createSbom } from '../sbom/create-sbom.ts';
import type { DocumentOptions } from '../sbom/document.ts';
import type { Sbom } from '../sbom/sbom.ts';
import { cyclonedx } from '../sbom/writers/cyclonedx.ts';
import { spdx } from '../sbom/writers/spdx.ts';
import { sbomTable } from '../sbom/writers/table.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

/** Writes the software bill of materials of an image. */
export async function sbom({ args, flags }: InvocationOf<'sbom'>, terminal: Terminal): Promise<0> {
  const outputs = readOutputs(flags.format, commandSpecs.sbom.formats);
  const platform = flags.platform === undefined ? undefined : readPlatform(flags.platform);
  const cache = openCache(flags['no-cache'] === true);
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  const scratch = new Scratch();
  try {
    const found = await createSbom(args[0] as string, {
      scratch,
      ...(platform && { platform }),
      ...(flags.image !== undefined && { image: flags.image }),
      ...(flags.insecure === true && { insecure: true }),
      ...(cache && { cache }),
      onProgress: ({ done, total }) => progress.reportBytes(done, total),
    });
    progress.end();
    writeReport(found, outputs, renderers(), terminal);
    // The table has them at its end.
    const isTold = outputs.some(({ format, file }) => format === 'table' && file === undefined);
    if (!flags.quiet && !isTold) warnOf(found, terminal);
    return 0;
  } finally {
    progress.end();
    scratch.dispose();
  }
}

function renderers(): Readonly<Record<string, Render<Sbom>>> {
  const options: DocumentOptions = { toolVersion: version, ...sourceDateEpoch() };
  return {
    cyclonedx: (found) => cyclonedx(found, options),
    spdx: (found) => spdx(found, options),
    table: sbomTable,
  };
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function sourceDateEpoch(): { sourceDateEpoch?: number } {
  const seconds = process.env.SOURCE_DATE_EPOCH ?? '';
  return /^\d{1,12}$/.test(seconds) ? { sourceDateEpoch: Number(seconds) } : {};
}

function warnOf({ problems }: Sbom, terminal: Terminal): void {
  const paint = painter(terminal.err.color);
  for (const { path, message } of problems) {
    terminal.warn(`${paint('warning', 'yellow', 'bold')}  /${visible(path)}: ${visible(message)}\n`);
  }
}
