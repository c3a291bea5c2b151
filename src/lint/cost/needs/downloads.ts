import { download as readDownload } from '../../commands/downloads.ts';
import type { Command } from '../../shell.ts';
import { download, type Need } from './need.ts';

/** Fetches of something that has an address of its own. */
export function downloadNeed(command: Command): Need | undefined {
  if (command.name === 'git') {
    const operands = command.words.slice(1).filter(({ text }) => !text.startsWith('-'));
    return operands[0]?.text === 'clone' && /:\/\/|^git@/.test(operands[1]?.text ?? '') ? download : undefined;
  }
  const found = readDownload(command);
  if (!found || found.urls.length === 0) return undefined;
  return found.urls.every(({ text }) => !/localhost|127\.0\.0\.1/.test(text)) ? download : undefined;
}
