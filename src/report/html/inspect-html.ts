import type { ImageReport } from '../image-report.ts';
import { script, scriptHash, style, styleHash } from './client-code.ts';
import { renderHead } from './head.ts';
import { renderLayers } from './layer-table.ts';
import { escapeText } from './markup.ts';
import { renderPage } from './page.ts';
import { renderPageData } from './page-data.ts';
import { FILES, NO_SCRIPT, SCOPE, SPACE } from './scripted-parts.ts';
import { renderCopies, renderWaste } from './waste-list.ts';

const code = { script, scriptHash, style, styleHash };

/**
 * One HTML file that needs nothing else (docs/html.md): head, layers and waste as plain HTML, which are there without
 * JavaScript, too; treemap, files and histories are made by the page's script from the data in it.
 */
export function* renderInspectHtml(report: ImageReport): Generator<string> {
  yield* renderPage(`${report.image.reference} · dlint`, renderBody(report), code, renderPageData(report));
}

function* renderBody(report: ImageReport): Generator<string> {
  yield* renderHead(report);
  yield NO_SCRIPT;
  yield* renderLayers(report);
  yield SPACE;
  yield* renderWaste(report);
  yield* renderCopies(report.copies);
  yield FILES;
  yield SCOPE;
  yield `</main>\n<footer>${escapeText(`${report.tool.name} ${report.tool.version}`)}. Sizes are bytes of file bodies; dead bytes are stored, and no path of the final image reaches them.</footer>\n`;
}
