import { type Command, defineRule, lateInstalls, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-before-install',
  category: 'cache',
  severity: 'warning',
  summary: 'dependencies are installed behind a copy of the sources',
  why: 'The builder runs every step again that stands behind a changed one. With the whole source tree copied in front of the install, each edit of any file installs all dependencies anew, though they did not change.',
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node «.» .\nRUN npm ci && npm run build\n',
      good: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node package*.json .\nRUN npm ci\nCOPY --chown=node:node . .\nRUN npm run build\n',
    },
    {
      bad: 'FROM debian:13\nCOPY «src/» /src/\nRUN apt-get update && apt-get install -y gcc\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y gcc\nCOPY src/ /src/\n',
    },
    {
      bad: 'FROM python:3.13\nADD «./» /app\nENV A=1\nRUN pip install -r /app/requirements.txt\n',
      good: 'FROM python:3.13\nADD requirements.txt /app/\nRUN pip install -r /app/requirements.txt\nADD ./ /app\n',
    },
    { good: 'FROM python:3.13\nCOPY . /app\nRUN pip install -e /app\n', note: 'The package itself is installed.' },
    { good: 'FROM rust:1\nCOPY . .\nRUN cargo build --release\n' },
    { good: 'FROM node:22\nCOPY --from=build /app .\nRUN npm ci\n', note: 'No copy of the context.' },
    { good: 'FROM debian:13\nCOPY apt/ /etc/apt/\nRUN apt-get install -y curl\n' },
    {
      bad: 'FROM golang:1\nCOPY conf/ /etc/app/\nADD https://github.com/a/b.git /b\nCOPY «./src» ./\nRUN go mod download && go build\n',
      note: 'Settings under /etc may be what the install reads, and a repository is not what one edits.',
    },
    { good: 'FROM debian:13\nCOPY . .\nRUN ./configure && apt-get install -y curl\n' },
    { good: 'FROM node:22 AS a\nCOPY . .\nFROM node:22\nRUN npm install -g serve\n' },
    { good: 'FROM debian:13\nARG GIT_SHA\nRUN apt-get install -y curl\n' },
  ],
  *check(model) {
    const reported = new Set<Step>();
    for (const { command, behind, need } of lateInstalls(model)) {
      if (!behind.copy || reported.has(behind)) continue;
      reported.add(behind);
      const source = behind.copy.sources.find(({ kind }) => kind === 'path');
      if (!source) continue;
      const install = title(command);
      const needsManifests = need.volatility === 'dependency-change';
      yield {
        at: source.word.span,
        message: `every change of a source file runs ${install} again, which stands behind this copy`,
        help: needsManifests
          ? `copy the files that list the dependencies, run ${install}, and copy the rest after it`
          : `run ${install} before this copy: it needs nothing of it`,
      };
    }
  },
});

/** `npm ci`, `go mod download`, `python3 -m pip install`: a command up to its subcommand. */
function title({ name, words }: Command): string {
  const rest = words.slice(1).map(({ text }) => text);
  const end = rest.findIndex((text) =>
    /^(ci|install|add|download|fetch|restore|sync|update|create|dependency:.*)$/.test(text),
  );
  return [name, ...rest.slice(0, end + 1).filter((text) => text === '-m' || !text.startsWith('-'))].join(' ');
}
