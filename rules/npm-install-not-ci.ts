import { type BuildContext, defineRule, npm, option, replace, type Step, sinceStep } from '../src/lint/rule.ts';

export default defineRule({
  id: 'npm-install-not-ci',
  category: 'correctness',
  mentions: ['npm'],
  severity: 'info',
  summary: '`npm install` although package-lock.json is there',
  why: '`npm install` changes package-lock.json where it does not fit package.json, so the image may get versions that nobody has tested. `npm ci` installs exactly what the lock file says or fails, and is faster in a fresh image.',
  examples: [
    {
      bad: 'FROM node:22\nCOPY package.json package-lock.json ./\nRUN «npm install» --omit=dev\n',
      good: 'FROM node:22\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\n',
      fixed: true,
    },
    {
      bad: 'FROM node:22 AS deps\nCOPY ./app/package*.json /app/\nFROM deps\nRUN cd /app && «npm i»\n',
      good: 'FROM node:22 AS deps\nCOPY ./app/package*.json /app/\nFROM deps\nRUN cd /app && npm ci\n',
    },
    {
      bad: 'FROM node:22\nRUN --mount=type=bind,source=package-lock.json,target=package-lock.json «npm install»\n',
      good: 'FROM node:22\nRUN --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\n',
    },
    { bad: 'FROM node:22\nADD app/npm-shrinkwrap.json package.json ./\nRUN [«"npm", "install"»]\n' },
    {
      bad: 'FROM node:22\nCOPY package*.json ./\nRUN «npm install»\n',
      good: 'FROM node:22\nCOPY package*.json ./\nRUN npm ci\n',
      context: { files: { 'package.json': 0, 'package-lock.json': 0 } },
    },
    { good: 'FROM node:22\nCOPY package*.json ./\nRUN npm install\n', context: { files: { 'package.json': 0 } } },
    { good: 'FROM node:22\nCOPY package.json yarn.lock ./\nRUN npm install\n' },
    { good: 'FROM node:22\nRUN npm install\nCOPY package-lock.json ./\n' },
    {
      good: 'FROM node:22\nCOPY package-lock.json ./\nRUN npm install -g serve@14 && npm install typescript@5 && npm run install\n',
    },
    {
      good: 'FROM node:22\nCOPY package-lock.json ./\nRUN npm install -g && npm install --prefix /x && npm i --no-package-lock\n',
    },
    { good: 'FROM node:22\nCOPY --from=build /app/package-lock.json ./\nRUN npm ci\n' },
  ],
  *check({ commands, stages, context }) {
    const hasLock = sinceStep(stages, (step) => bringsLock(step, context));
    for (const { command, step } of commands) {
      const install = npm(command);
      if (install?.subcommand !== 'install' || install.operands.length > 0 || !hasLock(step)) continue;
      const elsewhere = ['-g', '--global', '--location', '--prefix', '-C', '--no-package-lock', '--package-lock'];
      if (option(install, ...elsewhere, '--package-lock-only') || !install.subcommandWord) continue;
      const edits = [replace(install.subcommandWord, 'ci')];
      yield {
        at: install.head,
        message: '`npm install` may install other versions than package-lock.json says',
        help: 'write npm ci',
        ...(command.exec ? {} : { fix: { title: 'Write npm ci', safe: false, edits } }),
      };
    }
  },
});

function bringsLock({ copy, mounts }: Step, context: BuildContext | undefined): boolean {
  const mounted = mounts.some(({ source = '' }) => isLock(source));
  return mounted || (copy?.sources.some(({ path = '' }) => mayBeLock(path, context)) ?? false);
}

function isLock(path: string): boolean {
  return /(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(path);
}

/** `package*.json` is written for the lock file; where the context shows that there is none, it is not. */
function mayBeLock(path: string, context: BuildContext | undefined): boolean {
  if (!/(^|\/)package(-lock)?[*?][^/]*$/.test(path)) return isLock(path);
  const folder = path.slice(0, path.lastIndexOf('/') + 1).replace(/^\.?\/+/, '');
  return context?.has?.(`${folder}package-lock.json`) ?? true;
}
