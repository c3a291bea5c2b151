import type { DlintError, ErrorCode } from '../errors.ts';
import { painter, type Style, visible, wrap } from './style.ts';

const saveAgain = 'get it once more: docker save app --output app.tar, skopeo copy, or the download';

/** What helps against most errors of a code, where the place that throws knows nothing better. */
const remedies: Partial<Record<ErrorCode, string>> = {
  E_USAGE: 'dlint --help',
  E_NOT_FOUND: 'check the path',
  E_READ: 'check that it is a file, and who may read it: ls -ld',
  E_WRITE: 'write to another place, or check its permissions and the free space: ls -ld, df -h',
  E_NOT_AN_IMAGE: saveAgain,
  E_NO_SUCH_IMAGE: 'without --image and --platform, dlint inspect takes the one there is',
  E_TRUNCATED: saveAgain,
  E_CORRUPT: saveAgain,
  E_DIGEST: saveAgain,
  E_BLOB_MISSING: saveAgain,
  E_LIMIT: 'if you trust the image, raise the bound: --limit NAME=VALUE, names in docs/limits.md',
};

/** What is wrong, where, and what to do, each on its line. */
export function renderError(
  {
    code,
    message,
    where,
    hint = code && remedies[code],
  }: Pick<DlintError, 'message' | 'where' | 'hint'> & {
    readonly code?: ErrorCode;
  },
  style: Style,
): string {
  const paint = painter(style.color);
  let text = line(paint('error', 'red', 'bold'), message, style);
  if (where !== undefined) text += line(paint('where', 'bold'), where, style);
  if (hint !== undefined) text += line(`${paint('try', 'green', 'bold')}  `, hint, style);
  return text;
}

function line(label: string, text: string, style: Style): string {
  return `${label}  ${wrap(visible(text), Math.max(40, style.width - 7)).join('\n       ')}\n`;
}

/** An exception that nobody foresaw. */
export function renderBug(thrown: unknown, facts: { version: string; node: string }, style: Style): string {
  const paint = painter(style.color);
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return [
    `${paint('bug', 'red', 'bold')}    this should not have happened; it is a bug of dlint\n`,
    `${paint('where', 'bold')}  dlint ${facts.version}, node ${facts.node}\n`,
    `${paint('try', 'green', 'bold')}    report it with the command line, the input if you can share it, and this:\n\n`,
    `${visible(stack)}\n`,
  ].join('');
}
