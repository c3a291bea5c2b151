import type { Command, ShellWord } from '../shell.ts';

/** What PowerShell fetches with Invoke-WebRequest, Invoke-RestMethod or Start-BitsTransfer. */
export interface WebRequest {
  readonly command: Command;
  readonly url: ShellWord;
  /** The file it writes; absent when the content is printed. */
  readonly output?: string;
}

const cmdlets = /^(invoke-webrequest|invoke-restmethod|start-bitstransfer)$/;

/** Parameters whose value is the next word, beside those that are read here. */
const valued =
  /^-(method|headers?|useragent|body|contenttype|timeoutsec|maximumretrycount|credential|proxy|sessionvariable|websession)$/i;

/** Reads a download of PowerShell; parameters may be cut short (about_Parameters). */
export function webRequest(command: Command): WebRequest | undefined {
  if (!cmdlets.test(command.name)) return undefined;
  const { words } = command;
  let url: ShellWord | undefined;
  let output: string | undefined;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const { text } = word;
    if (/^-(ur?i?|source)$/i.test(text)) url = words[++i];
    else if (/^-(outf?i?l?e?|destination)$/i.test(text)) output = words[++i]?.text;
    else if (valued.test(text)) i++;
    else if (!text.startsWith('-')) url ??= word;
  }
  return url && { command, url, ...(output === undefined ? {} : { output }) };
}
