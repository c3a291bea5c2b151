import { type Command, defineRule, insertAfter, isMounted, npm, type Step, toolCache, yarn } from '../src/lint/rule.ts';

export default defineRule({
  id: 'package-cache-mount',
  category: 'cache',
  severity: 'off',
  presets: { strict: 'info' },
  summary: 'dependencies are downloaded and compiled anew whenever a step runs again',
  why: 'As soon as a step has to run again, everything it downloaded or compiled before is gone. A cache mount keeps that from build to build on the machine that builds, and no byte of it gets into the image. It needs BuildKit, and does not help where every build starts on a fresh machine.',
  examples: [
    {
      bad: 'FROM golang:1.25\nRUN «go build» ./...\n',
      good: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build ./...\n',
    },
    {
      bad: 'FROM golang:1.25\nENV GOCACHE=/c\nRUN --mount=type=cache,target=/c «go build» ./...\nRUN «go mod download»\n',
      good: 'FROM golang:1.25\nENV GOCACHE=/c\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/c go build ./...\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n',
    },
    {
      bad: 'FROM rust:1.90\nRUN «cargo build» --release && npm ci\n',
      good: 'FROM rust:1.90\nRUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/root/.npm cargo build --release && npm ci\n',
    },
    {
      bad: 'FROM python:3.13\nENV UV_CACHE_DIR=/uv\nRUN [«"uv", "sync"»]\nRUN «pip install» -r r.txt; poetry install\n',
      good: 'FROM python:3.13\nENV UV_CACHE_DIR=/uv\nRUN --mount=type=cache,target=/uv ["uv", "sync"]\nRUN --mount=type=cache,target=/root/.cache/pip --mount=type=cache,target=/root/.cache/pypoetry pip install -r r.txt; poetry install\n',
    },
    {
      bad: 'FROM node:22\nRUN «yarn» && pnpm i && bun i\n',
      good: 'FROM node:22\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn --mount=type=cache,target=/root/.local/share/pnpm/store --mount=type=cache,target=/root/.bun/install/cache yarn && pnpm i && bun i\n',
    },
    {
      bad: 'FROM php:8.4\nRUN «composer install»\nRUN «mvn» -q package && ./gradlew build && dotnet publish\n',
      good: 'FROM php:8.4\nRUN --mount=type=cache,target=/root/.cache/composer composer install\nRUN --mount=type=cache,target=/root/.m2 --mount=type=cache,target=/root/.gradle --mount=type=cache,target=/root/.nuget/packages mvn -q package && ./gradlew build && dotnet publish\n',
    },
    {
      bad: 'FROM node:22\nUSER node\nRUN «npm ci»\n',
      note: 'Where the home of another user is, only the image knows.',
    },
    {
      good: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg --mount=type=cache,target=/root/.cache go build\n',
    },
    { good: 'FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000 npm ci\n' },
    {
      good: 'FROM python:3.13\nRUN pip install --no-cache-dir a && PIP_NO_CACHE_DIR=1 pip install b && uv sync --no-cache\n',
    },
    { good: 'FROM node:22\nRUN npm run build && npm ci && npm cache clean --force\n' },
    { good: 'FROM golang:1.25\nRUN go version && go vet && cargo --version && dotnet --info && npm -v && yarn -v\n' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      if (step.instruction.keyword !== 'RUN' || step.commands.some(cleansNpm)) continue;
      const caches = step.commands.flatMap((command) => toolCache(command, step) ?? []);
      const open = caches.filter(({ folders }) => !folders.every((folder) => isCovered(folder, step)));
      const [first] = open;
      if (!first) continue;
      const folders = new Set(open.flatMap((each) => each.folders).filter((folder) => !isCovered(folder, step)));
      const mounts = [...folders].map((folder) => `--mount=type=cache,target=${folder}`).join(' ');
      const edit = insertAfter(step.instruction.keywordSpan, ` ${mounts}`);
      yield {
        at: first.head,
        message: `${first.tool} starts with an empty cache whenever this step runs again`,
        help: `mount its cache: RUN ${mounts} …`,
        // What a later step looks for in the folder is not in the image any more.
        ...(isRoot(step) ? { fix: { title: 'Mount a cache', safe: false, edits: [edit] } } : {}),
      };
    }
  },
});

/** Any cache mount that ends alike counts: another user has another home folder. */
function isCovered(folder: string, step: Step): boolean {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const isAlike = step.mounts.some(({ type, target }) => type === 'cache' && target?.split('/').includes(name));
  return isAlike || isMounted(step, folder);
}

function cleansNpm(command: Command): boolean {
  return npm(command)?.subcommand === 'cache' || yarn(command)?.subcommand === 'cache';
}

function isRoot({ user = 'root' }: Step): boolean {
  return /^(root|0)(:|$)/.test(user);
}
