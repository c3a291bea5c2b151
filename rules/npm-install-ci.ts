import { defineRule, type Edit, type Invocation, isMistakenCi, npm, remove, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'npm-install-ci',
  aliases: ['DL3016'],
  category: 'correctness',
  mentions: ['npm'],
  severity: 'error',
  presets: { hadolint: 'warning' },
  summary: '`npm install ci` where `npm ci` is meant',
  why: "`npm install ci` installs a package called `ci` from the registry, somebody else's program with no use here, and resolves all dependencies anew. `npm ci` installs exactly what package-lock.json says.",
  examples: [
    { bad: 'FROM node:22\nRUN «npm install ci»\n', good: 'FROM node:22\nRUN npm ci\n', fixed: true },
    {
      bad: 'FROM node:22\nRUN npm config list && «npm i --omit=dev ci» --ignore-scripts\n',
      good: 'FROM node:22\nRUN npm config list && npm ci --omit=dev --ignore-scripts\n',
    },
    { bad: 'FROM node:22\nRUN «npm install \\\n  ci»\n', good: 'FROM node:22\nRUN npm ci\n' },
    {
      bad: 'FROM node:22\nRUN [«"npm", "install", "ci"»]\n',
      note: 'An exec form is reported, but has no fix: its words are JSON strings.',
    },
    {
      good: 'FROM node:22\nRUN npm ci && npm install -g ci && npm install ci@2 && npm install ci typescript && npm run ci\n',
    },
    { good: 'FROM node:22\nRUN npm uninstall ci\n' },
  ],
  *check({ allCommands }) {
    for (const { command } of allCommands) {
      const install = npm(command);
      const word = install?.operands[0];
      if (!install || !word || !isMistakenCi(install)) continue;
      const edits = command.exec ? [] : withoutInstall(install);
      yield {
        at: { start: install.head.start, end: word.span.end },
        message: 'this installs a package called ci; `npm ci` installs what package-lock.json says',
        help: 'write npm ci',
        ...(edits.length > 0 ? { fix: { title: 'Write npm ci', safe: false, edits } } : {}),
      };
    }
  },
});

/** `install` becomes `ci`, and the operand goes with the blanks in front of it. */
function withoutInstall({ command, subcommandWord, operands: [word] }: Invocation): readonly Edit[] {
  const before = word && command.words[command.words.indexOf(word) - 1];
  if (!subcommandWord || !before) return [];
  return [replace(subcommandWord, 'ci'), remove({ start: before.span.end, end: word.span.end })];
}
