import { escapeText } from './markup.ts';

/** Script and style as they stand between the tags, and their hashes for the policy. */
export interface PageCode {
  readonly script: string;
  readonly style: string;
  readonly scriptHash: string;
  readonly styleHash: string;
}

/** No request, no code and no style but what this very page brings along; no text can become markup in it. */
function policyOf({ scriptHash, styleHash }: PageCode): string {
  return [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    `script-src '${scriptHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** A page that needs nothing but itself. The body, and the data that its script reads, come in pieces. */
export function* renderPage(
  title: string,
  body: Iterable<string>,
  code: PageCode,
  data?: Iterable<string>,
): Generator<string> {
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${policyOf(code)}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n';
  yield '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n';
  yield `<title>${escapeText(title)}</title>\n<style>${code.style}</style>\n</head>\n<body>\n`;
  yield* body;
  if (data) {
    yield '<script type="application/json" id="data">';
    yield* data;
    yield '</script>\n';
  }
  yield `<script>${code.script}</script>\n</body>\n</html>\n`;
}
