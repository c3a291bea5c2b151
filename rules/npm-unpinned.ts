import { defineRule, isMistakenCi, isOpenNpm, npm, npmPackages, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'npm-unpinned',
  aliases: ['DL3016'],
  category: 'correctness',
  mentions: ['npm'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'npm installs packages without a version',
  why: 'Without a version npm takes the newest release, a new major version included, on the day of the build. What was tested is not what is built a month later, and a hijacked release runs its install scripts at once.',
  examples: [
    {
      bad: 'FROM node:22\nRUN npm install -g «typescript» serve@14.2.5\n',
      good: 'FROM node:22\nRUN npm install -g typescript@5.9.2 serve@14.2.5\n',
    },
    { bad: 'FROM node:22\nRUN npm i «@angular/cli» && npm --location=global add a@1 «npm@latest»\n' },
    {
      bad: 'FROM node:22\nRUN npm install --registry https://a.example --unsafe-perm true "a@^1.2" @b/c@2 «git+https://a.example/b.git»\n',
    },
    {
      bad: 'FROM node:22\nARG NPM=latest\nRUN npm install -g «npm@$NPM»\n',
      good: 'FROM node:22\nARG NPM=11\nRUN npm install -g npm@$NPM\n',
    },
    { bad: 'FROM node:22\nRUN npm install --prefix /a $A/b «expressjs/express»\n', note: 'A repository on GitHub.' },
    { bad: 'FROM node:22\nRUN ["npm", "install", "-g", «"serve"»]\n' },
    { bad: 'FROM node:22\nRUN <<EOF\nset -e\nsudo npm install «serve»\nEOF\n' },
    { good: 'FROM node:22\nRUN npm install && npm i --omit=dev && npm ci && npm run build\n' },
    {
      good: 'FROM node:22\nRUN npm install . ./a ../b a.tgz https://a.example/c.tgz user/d#v1 d/e/f github:user/e#v1 git+https://a.example/f.git#semver:^1\n',
    },
    { good: 'FROM node:22\nARG TOOLS\nRUN npm install -g npm@$NPM_VERSION $TOOLS $(cat tools)\n' },
    { good: 'FROM node:22\nRUN npm install ci\n', note: 'This is `npm-install-ci`.' },
    { good: 'FROM node:22\nRUN npm install a@npm:b@1 && npm uninstall c && echo npm install d\n' },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nENV V=1\nRUN call npm install -g «yarn» & npm.cmd install a@%V% «b»\nSHELL ["powershell", "-Command"]\nRUN if ($x) { npm install -g «yarn» }; npm install -g b@$env:V c@$v $d; $x = 1, npm install a\n',
    },
  ],
  deviations: [
    { code: 'DL3016', what: 'knows npm i and npm add', why: 'they are the same command' },
    { code: 'DL3016', what: 'a tag such as @latest is no version', why: 'it is where it was without it' },
    {
      code: 'DL3016',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$PACKAGES` may well have versions in it',
    },
  ],
  *check({ allCommands }) {
    for (const { command, step } of allCommands) {
      const install = npm(command);
      if (install?.subcommand !== 'install' || isMistakenCi(install)) continue;
      const found = unpinned(install, step, npmPackages, isOpenNpm);
      if (!found) continue;
      yield {
        at: found.at,
        message: `npm takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package@version, or install from package-lock.json with npm ci',
      };
    }
  },
});
