import { script, scriptHash, style, styleHash } from './client-code.ts';
import { escapeText } from './markup.ts';

/** No request, no code and no style but what this very page brings along; no text can become markup in it. */
const POLICY = [
  "default-src 'none'",
  `style-src '${styleHash}'`,
  `script-src '${scriptHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** A page that needs nothing but itself. The body and the data come in pieces. */
export function* renderPage(title: string, body: Iterable<string>, data: Iterable<string>): Generator<string> {
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n';
  yield '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n';
  yield `<title>${escapeText(title)}</title>\n<style>${style}</style>\n</head>\n<body>\n`;
  yield* body;
  yield '<script type="application/json" id="data">';
  yield* data;
  yield `</script>\n<script>${script}</script>\n</body>\n</html>\n`;
}
