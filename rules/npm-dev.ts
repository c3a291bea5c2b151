import {
  addWord,
  bun,
  type Command,
  defineRule,
  type Invocation,
  isForDevelopment,
  npm,
  option,
  pnpm,
  removes,
  type Stage,
  type Step,
  yarn,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'npm-dev',
  category: 'size',
  mentions: ['npm', 'yarn', 'bun'],
  severity: 'info',
  summary: 'development packages of Node stay in the image',
  why: 'Compilers, bundlers, linters and test tools are often most of node_modules. They are needed to build, not to run; in the image they cost space and are so much more code to keep free of holes.',
  examples: [
    {
      bad: 'FROM node:22\nRUN «npm ci»\nCOPY . .\nRUN npm run build\nCMD ["node", "dist/main.js"]\n',
      fixed: false,
      good: 'FROM node:22 AS build\nRUN npm ci\nCOPY . .\nRUN npm run build\nFROM node:22\nRUN npm ci --omit=dev\nCOPY --from=build /dist /dist\nCMD ["node", "dist/main.js"]\n',
    },
    {
      bad: 'FROM node:22\nRUN «npm install» --no-audit\nENV NODE_ENV=production\n',
      good: 'FROM node:22\nRUN npm install --omit=dev --no-audit\nENV NODE_ENV=production\n',
    },
    {
      bad: 'FROM node:22\nRUN [«"pnpm", "i"»]\nENV NODE_ENV=production\n',
      good: 'FROM node:22\nRUN ["pnpm", "i", "--prod"]\nENV NODE_ENV=production\n',
    },
    {
      bad: 'FROM node:22\nRUN «yarn»\nENV NODE_ENV=production\n',
      good: 'FROM node:22\nRUN yarn --production\nENV NODE_ENV=production\n',
    },
    { bad: 'FROM node:22\nRUN «npm ci» --include=dev\nENV NODE_ENV=production\n' },
    { bad: 'FROM node:22\nENV NODE_ENV=production\nRUN «npm ci» --include=dev && npm run build:prod\n' },
    {
      bad: 'FROM node:22 AS base\nRUN npm ci --omit=dev && npm i && sudo «npm ci»\nFROM base\nRUN npm run-script build\n',
    },
    {
      bad: 'FROM node:22\nRUN yarn install && yarn build\nFROM node:22\nRUN «pnpm i» --frozen-lockfile && pnpm run build\n',
    },
    { bad: 'FROM node:22\nRUN «yarn» && yarn run build\n' },
    { bad: 'FROM oven/bun:1.2\nRUN «bun install» && bun run build\nENV NODE_ENV=production\n' },
    {
      bad: 'FROM node:22\nRUN NODE_ENV=development «npm ci»\nENV NODE_ENV=production\n',
      good: 'FROM node:22\nRUN NODE_ENV=development npm ci --omit=dev\nENV NODE_ENV=production\n',
    },
    { bad: 'FROM node:22\nRUN «npm ci» --omit=optional --registry prod.example && npm run build\n' },
    { good: 'FROM node:22 AS test\nRUN npm ci && npm run build\nFROM test\nCMD ["node", "a.js"]\n' },
    { good: 'FROM node:22\nRUN npm ci && npm run build && npm prune --omit=dev\n' },
    { good: 'FROM node:22\nRUN yarn && yarn build && rm -rf node_modules\n' },
    { good: 'FROM node:22 AS base\nRUN npm ci && npm run build\nFROM base\nRUN npm ci --omit=dev\n' },
    { good: 'FROM node:22\nENV NODE_ENV=production\nRUN npm ci && npm run build\n' },
    { good: 'FROM node:22\nRUN NODE_ENV=production npm ci && npm run build\n' },
    {
      good: 'FROM node:22\nRUN npm ci --only=production && npm run build && npm install --production && yarn --prod && pnpm i -P\n',
    },
    { good: 'FROM node:22\nRUN npm ci\nCMD ["node", "main.js"]\n', note: 'There may be none.' },
    { good: 'FROM node:22 AS build\nRUN npm ci && npm run build\nFROM nginx:1.29\nCOPY --from=build /dist /dist\n' },
    { good: 'FROM node:22 AS dev\nRUN npm ci && npm run build\n' },
    { good: 'FROM node:22\nRUN npm ci && npm run build\nCMD ["npm", "run", "dev"]\n' },
    { good: 'FROM node:22\nRUN npm run build && npm ci && npm i -g a@1 && npm run lint\nENV NODE_ENV=staging\n' },
    { bad: 'FROM node:22\nCOPY . .\nRUN «npm ci»\nRUN npm build\n' },
    { good: 'FROM node:22\nCOPY . .\nRUN npm ci --include=dev\nRUN npm ci --include=optional\nCMD ["node", "a"]\n' },
    { good: 'FROM node:22\nCOPY . .\nRUN npm ci --help\n' },
    { good: 'FROM node:22\nCOPY . .\nRUN npm install express && npm install -g\nCMD npm ci\n' },
    { good: 'FROM node:22\nCOPY . .\nRUN npm ci && npm exec workspaces && yarn workspaces focus --production\n' },
    { good: 'FROM node:22\nCOPY . .\nRUN npm ci --include=optional\n' },
  ],
  *check({ stages, finalStage }) {
    if (!finalStage) return;
    const shipped = stages.filter(({ isShipped }) => isShipped);
    if (shipped.some(isForDevelopment)) return;
    const calls = shipped.flatMap(callsOf);
    const last = calls.findLast(({ command }) => installOf(command) !== undefined);
    const found = last && installOf(last.command);
    if (!last || !found || isProduction(found, last.step)) return;
    const after = calls.slice(calls.indexOf(last) + 1);
    if (after.some(({ command }) => prunes(command))) return;
    const isBuilt = after.some(({ command }) => isBuild(command));
    if (!isBuilt && finalStage.env.get('NODE_ENV')?.value !== 'production') return;
    const without = found.tool === 'npm' ? '--omit=dev' : found.tool === 'pnpm' ? '--prod' : '--production';
    const fix = { title: `Add ${without}`, safe: false, edits: [addWord(found, without)] };
    yield {
      at: found.head,
      message: `${found.tool} installs the development packages as well, and they stay in the image`,
      help: isBuilt
        ? `build in a stage of its own, and install with ${without} in the final one`
        : `add ${without}, or set NODE_ENV=production before`,
      ...(isBuilt || includesDev(found) ? {} : { fix }),
    };
  },
});

interface Call {
  readonly command: Command;
  readonly step: Step;
}

function callsOf({ steps }: Stage): Call[] {
  return steps.flatMap((step) => {
    return step.instruction.keyword === 'RUN' ? step.commands.map((command) => ({ command, step })) : [];
  });
}

function nodeCall(command: Command): Invocation | undefined {
  return npm(command) ?? yarn(command) ?? pnpm(command) ?? bun(command);
}

/** An install of what package.json says. */
function installOf(command: Command): Invocation | undefined {
  const found = nodeCall(command);
  if (!found || found.operands.length > 0 || !/^(install|ci)$/.test(found.subcommand)) return undefined;
  return option(found, '-g', '--global', '--help', '--version') ? undefined : found;
}

function isProduction(found: Invocation, step: Step): boolean {
  const { options, command } = found;
  if (includesDev(found)) return false;
  if (options.some(({ name, value = '' }) => /^--(omit|only)$/.test(name) && /^(dev|prod)/.test(value))) return true;
  const production = option(found, '--production', '--prod', '-P');
  if (production) return production.value !== 'false';
  const own = command.assignments.findLast(({ name }) => name === 'NODE_ENV')?.value?.text;
  return (own ?? step.env.get('NODE_ENV')?.value) === 'production';
}

function includesDev({ options }: Invocation): boolean {
  return options.some(({ name, value }) => name === '--include' && value === 'dev');
}

function prunes(command: Command): boolean {
  const found = nodeCall(command);
  return found?.subcommand === 'prune' || found?.subcommand === 'workspaces' || removes(command, 'node_modules');
}

function isBuild(command: Command): boolean {
  const found = nodeCall(command);
  if (!found) return false;
  const script = /^(run|run-script)$/.test(found.subcommand) ? found.operands[0]?.text : found.subcommand;
  return /^(build|compile|bundle)(:|$)/.test(script ?? '');
}
