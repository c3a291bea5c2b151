import { commandSpecs, type InvocationOf } from '../flags.ts';
import { openCache } from '../image-cache.ts';
import { readLayer, readPlatform } from '../image-flags.ts';
import { inspectImage } from '../layers/inspect.ts';
import { readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import type { ImageReport } from '../report/image-report.ts';
import { renderDiveJson } from '../report/inspect-dive.ts';
import { renderInspectJson } from '../report/inspect-json.ts';
import { renderInspectText } from '../report/inspect-text.ts';
import { renderInspectTree } from '../report/inspect-tree.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

const renderers = {
  text: renderInspectText,
  json: renderInspectJson,
  tree: renderInspectTree,
  'dive-json': renderDiveJson,
};

/** Shows what an image is, layer by layer. */
export async function inspect({ args, flags }: InvocationOf<'inspect'>, terminal: Terminal): Promise<0> {
  const outputs = readOutputs(flags.format, commandSpecs.inspect.formats);
  const cache = openCache(flags['no-cache'] === true);
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  try {
    const report = await inspectImage(args[0] as string, {
      tool: { name: 'dlint', version },
      ...(flags.layer !== undefined && { layer: readLayer(flags.layer) }),
      ...(flags.platform !== undefined && { platform: readPlatform(flags.platform) }),
      ...(flags.image !== undefined && { image: flags.image }),
      ...(flags.insecure === true && { insecure: true }),
      ...(flags.base !== undefined && { base: flags.base }),
      ...(flags.verify === true && { verify: true }),
      ...(cache && { cache }),
      onProgress: ({ done, total }) => progress.reportBytes(done, total),
    });
    progress.end();
    writeReport(await traced(report, flags.dockerfile), outputs, renderers, terminal);
    return 0;
  } finally {
    progress.end();
  }
}

/** The linter is loaded only when its words are wanted. */
async function traced(report: ImageReport, dockerfile: string | undefined): Promise<ImageReport> {
  if (dockerfile === undefined) return report;
  const { traceDockerfile } = await import('../trace-dockerfile.ts');
  return await traceDockerfile(report, dockerfile);
}
