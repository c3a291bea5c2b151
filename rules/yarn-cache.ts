import {
  type Command,
  cleansUp,
  defineRule,
  type Invocation,
  isMounted,
  isRemovedAfter,
  leftCaches,
  option,
  type SemanticModel,
  type Step,
  sinceStep,
  yarn,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'yarn-cache',
  aliases: ['DL3060'],
  category: 'size',
  mentions: ['yarn'],
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'Yarn leaves its download cache in the layer',
  why: 'Yarn 1 keeps every package it downloads in a cache folder besides node_modules, so each is in the layer twice. Nothing in the finished image reads the cache again.',
  examples: [
    {
      bad: 'FROM node:22\nRUN «yarn install» --frozen-lockfile\n',
      good: 'FROM node:22\nRUN yarn install --frozen-lockfile && yarn cache clean\n',
    },
    {
      bad: 'FROM node:22 AS base\nRUN yarn cache clean && yarn global add serve; sudo «yarn» && make\nFROM base\n',
      good: 'FROM node:22 AS base\nRUN yarn cache clean && yarn global add serve; sudo yarn && sudo yarn cache clean && make\nFROM base\n',
    },
    { bad: 'FROM node:22\nRUN [«"yarn", "add"», "serve"]\n' },
    { bad: 'FROM node:22\nRUN (cd /app && «yarn» --cwd /app)\n' },
    {
      bad: 'FROM node:22\nENV YARN_CACHE_FOLDER=/cache\nRUN «yarn» && rm -rf ~/.cache\n',
      good: 'FROM node:22\nENV YARN_CACHE_FOLDER=/cache\nRUN yarn && yarn cache clean && rm -rf ~/.cache\n',
    },
    {
      bad: 'FROM node:22\nRUN tool --immutable && «yarn»\n',
      good: 'FROM node:22\nRUN tool --immutable && yarn && yarn cache clean\n',
    },
    { good: 'FROM node:22\nRUN yarn install && yarn cache clean --all\n' },
    { good: 'FROM node:22\nRUN yarn && rm -rf /usr/local/share/.cache\n' },
    { good: 'FROM node:22\nRUN yarn && rm -rf ~/.cache/yarn\n' },
    { good: 'FROM node:22\nRUN yarn && rm -rf "$(yarn cache dir)"\n' },
    { good: 'FROM node:22\nRUN yarn --cache-folder /tmp/y && rm -rf /tmp/y\n' },
    { good: 'FROM node:22\nENV YARN_CACHE_FOLDER=/cache\nRUN --mount=type=cache,target=/cache yarn\n' },
    { good: 'FROM node:22\nRUN YARN_CACHE_FOLDER=/dev/shm/y yarn && rm -rf /dev/shm/y\n' },
    { good: 'FROM node:22\nRUN --mount=type=cache,target=/root/.cache/yarn yarn install\n' },
    { good: 'FROM node:22\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install\n' },
    { good: 'FROM node:22\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn/v6 yarn install\n' },
    { good: 'FROM node:22\nRUN yarn && rm -rf ~/.cache/yarn/v6\n' },
    { good: 'FROM node:22 AS build\nRUN yarn install\nFROM nginx:1.29\nCOPY --from=build /app /app\n' },
    { good: 'FROM node:22\nRUN yarn install --immutable\n', note: 'Yarn 2 and later may need what is in the cache.' },
    { good: 'FROM node:22 AS base\nCOPY .yarnrc.yml package.json ./\nFROM base\nRUN yarn install\n' },
    { good: 'FROM node:22\nRUN corepack prepare yarn@4.9.2 --activate && yarn install\n' },
    { good: 'FROM node:22\nRUN yarn set version berry\nRUN yarn install\n' },
    { good: 'FROM node:22\nRUN yarn build && yarn run start && yarn --version && npm install\n' },
  ],
  deviations: [
    { code: 'DL3060', what: 'looks at a bare `yarn`, at add and global add, too', why: 'they fill the same cache' },
    {
      code: 'DL3060',
      what: 'silent when the same RUN removes the cache folder, or mounts a cache on wherever that is',
      why: 'the cache is not in the layer then',
    },
    {
      code: 'DL3060',
      what: 'silent for Yarn 2 and later',
      why: "Plug'n'Play runs from the cache, so cleaning may break the program",
    },
  ],
  *check(model) {
    const isModern = modernYarn(model);
    const cleanup = (): string => 'yarn cache clean';
    for (const { install, step, edit } of leftCaches(model, { install: yarnInstall, isKeptOut, cleanup })) {
      if (isModern(step)) continue;
      yield {
        at: install.head,
        message: 'Yarn leaves its download cache in this layer',
        help: 'end the same RUN with yarn cache clean, or mount a cache: RUN --mount=type=cache,target=/usr/local/share/.cache/yarn …',
        // Whether this is Yarn 1 is the base image's matter.
        ...(edit ? { fix: { title: 'Add yarn cache clean', safe: false, edits: [edit] } } : {}),
      };
    }
  },
});

function yarnInstall(command: Command): Invocation | undefined {
  const found = yarn(command);
  return /^(install|add|global add)$/.test(found?.subcommand ?? '') ? found : undefined;
}

/** Yarn 2 and later, as far as this file tells. */
function modernYarn({ stages }: SemanticModel): (step: Step) => boolean {
  return sinceStep(stages, ({ copy, commands }) => {
    if (copy?.sources.some(({ path, word }) => /(^|\/)\.yarn(rc\.yml|\/|$)/.test(path ?? word.text))) return true;
    return commands.some(({ name, words }) => {
      const texts = words.slice(1).map(({ text }) => text);
      if (name === 'corepack') return texts.some((text) => /^yarn@([2-9]|stable|berry)/.test(text));
      if (name !== 'yarn') return false;
      return (
        texts.some((text) => /^--(immutable|check-cache|mode)/.test(text)) ||
        (texts[0] === 'set' && texts[2] !== 'classic')
      );
    });
  });
}

function isKeptOut(install: Invocation, step: Step): boolean {
  const { command } = install;
  const own = command.assignments.findLast(({ name }) => name === 'YARN_CACHE_FOLDER')?.value?.text;
  const set = option(install, '--cache-folder')?.value ?? own ?? step.env.get('YARN_CACHE_FOLDER')?.value;
  const folders = (set === undefined ? ['~/.cache/yarn', '/usr/local/share/.cache/yarn'] : [set]).map(
    (folder) => `${folder.replace(/\/$/, '')}/v6`,
  );
  if (folders.some((folder) => isMounted(step, folder) || isRemovedAfter(step, command, folder))) return true;
  return cleansUp(step, command, (later) => {
    if (later.name === 'rm') return later.words.some(({ text }) => /yarn cache dir|YARN_CACHE_FOLDER/.test(text));
    const found = yarn(later);
    return found?.subcommand === 'cache' && found.operands[0]?.text === 'clean';
  });
}
