import {
  type Command,
  cleansUp,
  defineRule,
  type Invocation,
  isMounted,
  isRemovedAfter,
  leftCaches,
  npm,
  option,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'npm-cache',
  category: 'size',
  mentions: ['npm'],
  severity: 'info',
  summary: 'npm leaves its download cache in the layer',
  why: 'npm keeps everything it downloads under ~/.npm/_cacache, besides what it unpacks into node_modules. Nothing in the finished image reads the cache again; it only makes the layer larger.',
  examples: [
    {
      bad: 'FROM node:22\nRUN «npm ci»\n',
      good: 'FROM node:22\nRUN npm ci && npm cache clean --force\n',
    },
    {
      bad: 'FROM node:22 AS base\nRUN npm cache clean --force && npm i -g a@1; sudo «npm --location=global install» b@1 && make\nFROM base\n',
      good: 'FROM node:22 AS base\nRUN npm cache clean --force && npm i -g a@1; sudo npm --location=global install b@1 && sudo npm cache clean --force && make\nFROM base\n',
    },
    {
      bad: 'FROM node:22\nRUN sudo -u node «npm ci»\n',
      good: 'FROM node:22\nRUN sudo -u node npm ci && sudo -u node npm cache clean --force\n',
    },
    { bad: 'FROM node:22\nRUN [«"npm", "ci"»]\n' },
    {
      bad: 'FROM node:22\nRUN npm ci || «npm install»\n',
      good: 'FROM node:22\nRUN npm ci || npm install && npm cache clean --force\n',
    },
    { bad: 'FROM node:22\nRUN npm ci && «npm i» -g a@1 || true\nRUN (cd a && «npm ci»)\n' },
    {
      bad: 'FROM node:22\nENV npm_config_cache=/cache\nRUN «npm ci» && rm -rf ~/.npm\n',
      good: 'FROM node:22\nENV npm_config_cache=/cache\nRUN npm ci && npm cache clean --force && rm -rf ~/.npm\n',
    },
    { good: 'FROM node:22\nRUN npm ci && npm cache clean --force\n' },
    { good: 'FROM node:22\nRUN npm ci && npm cache rm --force\n' },
    { good: 'FROM node:22\nRUN npm ci && rm -rf /root/.npm\n' },
    { good: 'FROM node:22\nRUN npm ci && rm -rf ~/.npm/_cacache /tmp/*\n' },
    { good: 'FROM node:22\nRUN npm ci --cache /tmp/npm && rm -rf /tmp/npm\n' },
    { good: 'FROM node:22\nENV NPM_CONFIG_CACHE=/cache\nRUN --mount=type=cache,target=/cache npm ci\n' },
    { good: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n' },
    { good: 'FROM node:22\nRUN npm_config_cache=/tmp/n npm ci && rm -rf /tmp\n' },
    { good: 'FROM node:22 AS build\nRUN npm ci\nFROM nginx:1.29\nCOPY --from=build /app /app\n' },
    {
      good: 'FROM node:22\nRUN npm run build && npm install --package-lock-only && npm install --dry-run && yarn install\n',
    },
    { good: 'FROM node:22\nCMD npm install\n' },
  ],
  *check(model) {
    const cleanup = (): string => 'npm cache clean --force';
    for (const { install, edit } of leftCaches(model, { install: npmInstall, isKeptOut, cleanup })) {
      yield {
        at: install.head,
        message: 'npm leaves its download cache in this layer',
        help: 'end the same RUN with npm cache clean --force, or mount a cache: RUN --mount=type=cache,target=/root/.npm …',
        ...(edit ? { fix: { title: 'Add npm cache clean --force', edits: [edit] } } : {}),
      };
    }
  },
});

function npmInstall(command: Command): Invocation | undefined {
  const found = npm(command);
  if (!found || !/^(install|ci|update)$/.test(found.subcommand)) return undefined;
  return option(found, '--package-lock-only', '--dry-run', '--help') ? undefined : found;
}

function isKeptOut(install: Invocation, step: Step): boolean {
  const { command } = install;
  const own = command.assignments.findLast(({ name }) => /^npm_config_cache$/i.test(name))?.value?.text;
  const set = step.env.get('npm_config_cache')?.value ?? step.env.get('NPM_CONFIG_CACHE')?.value;
  const folder = `${option(install, '--cache')?.value ?? own ?? set ?? '~/.npm'}/_cacache`;
  if (isMounted(step, folder) || isRemovedAfter(step, command, folder)) return true;
  return cleansUp(step, command, (later) => {
    const found = npm(later);
    return found?.subcommand === 'cache' && /^(clean|clear|rm)$/.test(found.operands[0]?.text ?? '');
  });
}
