import type { DlintError } from '../errors.ts';
import { painter, type Style, visible, wrap } from './style.ts';

/** What is wrong, where, and what to do, each on its line. */
export function renderError(error: Pick<DlintError, 'message' | 'where' | 'hint'>, style: Style): string {
  const paint = painter(style.color);
  let text = line(paint('error', 'red', 'bold'), error.message, style);
  if (error.where !== undefined) text += line(paint('where', 'bold'), error.where, style);
  if (error.hint !== undefined) text += line(`${paint('try', 'green', 'bold')}  `, error.hint, style);
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
