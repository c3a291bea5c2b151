import {
  bun,
  type Command,
  defineRule,
  type Invocation,
  isOpenNpm,
  npm,
  npmPackage,
  npmPackages,
  type PackageRun,
  type Problem,
  packageRun,
  pnpm,
  type Step,
  sinceStep,
  unpinned,
  yarn,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'js-unpinned',
  category: 'correctness',
  mentions: ['npm', 'npx', 'yarn', 'bun'],
  severity: 'warning',
  summary: 'yarn, pnpm, Bun or npx takes packages without a version',
  why: 'Without a version the newest release is taken, a new major version included, on the day of the build. What was tested is not what is built a month later, and a hijacked release runs at once.',
  examples: [
    {
      bad: 'FROM node:22\nRUN yarn global add «serve» typescript@5.9.2\n',
      good: 'FROM node:22\nRUN yarn global add serve@14.2.5 typescript@5.9.2\n',
    },
    { bad: 'FROM node:22\nRUN yarn add «a» && pnpm add -g «b» && pnpm i «c» && bun add «d@latest» && bun i «e»\n' },
    {
      bad: 'FROM node:22\nRUN sudo npx -y «cowsay» -p x && npx «--package=cowsay@next» cow; npm exec -- «a»; bunx «b»\n',
    },
    { bad: 'FROM node:22\nRUN ["npx", "--yes", «"create-next-app"»]\n' },
    {
      bad: 'FROM node:22\nCOPY . .\nRUN npm ci\nRUN npx «prisma@latest» generate && pnpm dlx «cowsay» && npx prisma generate\n',
    },
    { bad: 'FROM node:22\nARG TOOLS="a@1 b"\nRUN pnpm add -g «$TOOLS»\n' },
    { good: 'FROM node:22 AS base\nRUN npm install prisma@6.0.0\nFROM base\nRUN npx prisma generate && bunx tsc\n' },
    { good: 'FROM node:22\nRUN yarn && npx tsc\n' },
    { good: 'FROM node:22\nRUN npm ci\nRUN npx tsc\n' },
    { good: 'FROM node:22\nRUN pnpm add a@1 && npx a\n' },
    { good: 'FROM node:22\nRUN bun install && bunx tsc\n' },
    { good: 'FROM node:22\nRUN npx a$V\n' },
    { good: 'FROM node:22\nCOPY --from=build /node_modules /node_modules\nRUN npx tsc\n' },
    { good: 'FROM node:22\nRUN npx cowsay@1 hi && npx -p a@1 -p b@2 c && pnpm dlx cowsay@1 && npx\n' },
    { good: 'FROM node:22\nRUN yarn install && pnpm install --frozen-lockfile && bun install && yarn remove a\n' },
    { good: 'FROM node:22\nRUN npx $TOOL && pnpm add a@$A $TOOLS\n' },
    { good: 'FROM node:22\nRUN npm install -g serve\n', note: 'This is `npm-unpinned`.' },
  ],
  *check({ allCommands, stages }) {
    const hasProject = sinceStep(stages, bringsProject);
    for (const { command, step } of allCommands) {
      const run = packageRun(command);
      if (run?.language === 'node') {
        yield* openRun(run, hasProject(step));
        continue;
      }
      const install = installation(command);
      const found = install && unpinned(install, step, npmPackages, isOpenNpm);
      if (!found) continue;
      yield {
        at: found.at,
        message: `${install.tool} takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package@version',
      };
    }
  },
});

function installation(command: Command): Invocation | undefined {
  const found = yarn(command) ?? pnpm(command) ?? bun(command);
  return found && /^(add|install|global add)$/.test(found.subcommand) ? found : undefined;
}

function* openRun({ packages, runner, prefersLocal }: PackageRun, hasProject: boolean): Generator<Problem> {
  for (const word of packages) {
    const each = npmPackage(word);
    if (word.expansions.length > 0 || !isOpenNpm(each)) continue;
    // A program of the project has the version of its lock file.
    if (prefersLocal && each.operator === undefined && hasProject) continue;
    yield {
      at: word.span,
      message: `${runner} runs whatever version of ${each.name} is the newest`,
      help: 'name the version: package@version',
    };
  }
}

/** Packages of the project may be there afterwards. */
function bringsProject({ copy, commands }: Step): boolean {
  return copy !== undefined || commands.some(installsProject);
}

function installsProject(command: Command): boolean {
  const found = npm(command) ?? yarn(command) ?? pnpm(command) ?? bun(command);
  return found !== undefined && /^(install|ci|add)$/.test(found.subcommand);
}
