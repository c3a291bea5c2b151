import type { Command } from '../shell.ts';

/** `npm ci`, `go mod download`, `python3 -m pip install`: a command up to its subcommand. */
export function commandTitle({ name, words }: Command): string {
  const rest = words.slice(1).map(({ text }) => text);
  if (name === 'git' || name === 'curl' || name === 'wget')
    return [name, ...(name === 'git' ? ['clone'] : [])].join(' ');
  const end = rest.findIndex((text) => verb.test(text));
  const shown = rest.slice(0, end + 1).filter((text) => text === '-m' || !text.startsWith('-'));
  return [name, ...shown.filter((text) => text.length < 40).slice(-3)].join(' ');
}

const verb =
  /^(ci|i|install|add|download|fetch|restore|sync|update|upgrade|create|get|require|build-dep|groupinstall|deps|deps\.get|clean-install|wheel|install\.packages.*|dependency:.*)$/;

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function listing(items: readonly string[], most = 4): string {
  const unique = [...new Set(items)];
  const shown = unique.length > most + 1 ? [...unique.slice(0, most), `${unique.length - most} more`] : unique;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
