import { commandSpecs, type FlagValues, type InvocationOf } from '../flags.ts';
import { openCache } from '../image-cache.ts';
import { openFlags, readLayer } from '../image-flags.ts';
import { inspectImage } from '../layers/inspect.ts';
import { type Output, readOutputs, writeReport } from '../output.ts';
import { startProgress } from '../progress.ts';
import { withChanges } from '../report/changes-selection.ts';
import type { Render } from '../report/finding.ts';
import type { ImageReport } from '../report/image-report.ts';
import { renderInspectCsv } from '../report/inspect-csv.ts';
import { renderDiveJson } from '../report/inspect-dive.ts';
import { renderInspectJson } from '../report/inspect-json.ts';
import { renderInspectMarkdown } from '../report/inspect-markdown.ts';
import { renderPathHistory } from '../report/inspect-path.ts';
import { renderInspectText } from '../report/inspect-text.ts';
import { renderInspectTree } from '../report/inspect-tree.ts';
import type { Style } from '../report/style.ts';
import type { Terminal } from '../terminal.ts';
import { inlineLittle } from '../tiering.ts';
import { type BuildFlags, readBuildFlags } from '../trace-flags.ts';
import { version } from '../version.ts';
import { readView, type View } from '../view-flags.ts';

/** In bytes: one that is read for longer than it takes to load, again, what a changed setting of V8 makes it load anew. */
const LARGE_IMAGE = 64 * 1024 * 1024;

/** Every format, the flags of the view filled in. */
function renderersOf({ tree, isHistory }: View) {
  return {
    text: isHistory ? renderPathHistory : renderInspectText,
    json: renderInspectJson,
    tree: (report: ImageReport, style: Style) => renderInspectTree(report, style, tree),
    csv: renderInspectCsv,
    markdown: renderInspectMarkdown,
    'dive-json': renderDiveJson,
  };
}

/** Shows what an image is, layer by layer. */
export async function inspect({ args, flags }: InvocationOf<'inspect'>, terminal: Terminal): Promise<0 | 130> {
  if (flags.interactive) return await browseImage(args[0] as string, flags, terminal);
  const outputs = readOutputs(flags.format, commandSpecs.inspect.formats);
  const cache = openCache(flags['no-cache'] === true);
  const view = readView(flags);
  const build = readBuildFlags(flags);
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  try {
    const report = await inspectImage(args[0] as string, {
      tool: { name: 'dlint', version },
      ...(flags.layer !== undefined && { layer: readLayer(flags.layer) }),
      ...openFlags(flags),
      ...(flags.base !== undefined && { base: flags.base }),
      ...(flags.verify === true && { verify: true }),
      ...(cache && { cache }),
      onProgress: ({ done, total }) => progress.reportBytes(done, total),
      onImage({ layers }) {
        if (layers.reduce((sum, { at }) => sum + at.length, 0) > LARGE_IMAGE) inlineLittle();
      },
    });
    progress.end();
    const whole = await traced(report, flags.dockerfile, build);
    const shown = view.isShown ? withChanges(whole, view.isShown) : whole;
    const renderers = { ...renderersOf(view), ...(await htmlRenderer(outputs, whole)) };
    writeReport(shown, outputs, renderers, terminal);
    return 0;
  } finally {
    progress.end();
  }
}

/** The page's code is loaded only when a page is wanted. It chooses by itself what is shown, so it gets everything. */
async function htmlRenderer(
  outputs: readonly Output[],
  whole: ImageReport,
): Promise<{ readonly html?: Render<ImageReport> }> {
  if (!outputs.some(({ format }) => format === 'html')) return {};
  const { renderInspectHtml } = await import('../report/html/inspect-html.ts');
  return { html: () => renderInspectHtml(whole) };
}

/** The browser is loaded only when it is asked for. */
async function browseImage(reference: string, flags: FlagValues<'inspect'>, terminal: Terminal): Promise<0 | 130> {
  const { browse, readStart } = await import('../interactive/browser.ts');
  const cache = openCache(flags['no-cache'] === true);
  const { dockerfile } = flags;
  const build = readBuildFlags(flags);
  return await browse(reference, {
    tool: { name: 'dlint', version },
    color: terminal.out.color,
    start: readStart(flags, flags.layer === undefined ? undefined : readLayer(flags.layer)),
    ...openFlags(flags),
    ...(flags.base !== undefined && { base: flags.base }),
    ...(flags.verify === true && { verify: true }),
    ...(cache && { cache }),
    ...(dockerfile !== undefined && { complete: (report) => traced(report, dockerfile, build) }),
  });
}

/** The linter is loaded only when its words are wanted. */
async function traced(report: ImageReport, dockerfile: string | undefined, build: BuildFlags): Promise<ImageReport> {
  if (dockerfile === undefined) return report;
  const { traceDockerfile } = await import('../trace-dockerfile.ts');
  return await traceDockerfile(report, dockerfile, build);
}
