import { defineRule, lateGroups, proposal, reorder } from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-before-install',
  category: 'cache',
  severity: 'warning',
  summary: 'dependencies are installed behind a copy of the sources',
  why: 'The builder runs every step again that stands behind a changed one. With the source tree copied in front of an install, each edit of any file installs everything anew, though the dependencies did not change. The other way round, an edit costs only the copy and what is built of it.',
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node «.» .\nRUN npm ci && npm run build\n',
      good: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node package*.json ./\nRUN npm ci\nCOPY --chown=node:node . .\nRUN npm run build\n',
    },
    {
      bad: 'FROM debian:13\nCOPY «src/» /src/\nRUN apt-get update && apt-get install -y gcc\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y gcc\nCOPY src/ /src/\n',
      note: 'Packages of the distribution have nothing to do with /src: this move is safe.',
    },
    {
      bad: 'FROM python:3.13\nWORKDIR /app\nADD «./» /app\nENV A=1\nRUN pip install -r /app/requirements/base.txt -c constraints.txt\nRUN pip install gunicorn\n',
      good: 'FROM python:3.13\nWORKDIR /app\nCOPY requirements /app/requirements/\nCOPY constraints.txt /app/\nENV A=1\nRUN pip install -r /app/requirements/base.txt -c constraints.txt\nRUN pip install gunicorn\nADD ./ /app\n',
      note: 'A list of requirements may name others beside it, so that its folder is copied.',
    },
    {
      bad: 'FROM golang:1.25\nWORKDIR /src\n# All of it\nCOPY «.» .\nENV CGO_ENABLED=0\nRUN --mount=type=cache,target=/root/.cache go mod download && \\\n    go build ./...\n',
      good: 'FROM golang:1.25\nWORKDIR /src\nCOPY go.mod go.sum* ./\nENV CGO_ENABLED=0\nRUN --mount=type=cache,target=/root/.cache go mod download\n# All of it\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache go build ./...\n',
    },
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY «web» ./web\nCOPY package.json yarn.lock ./\nCOPY server.js ./\nRUN yarn --frozen-lockfile\n',
      good: 'FROM node:22\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn --frozen-lockfile\nCOPY web ./web\nCOPY server.js ./\n',
      note: 'What the install reads has a copy of its own already.',
    },
    {
      bad: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN make -C /src bin\nFROM debian:13\nCOPY --from=build «/src/bin/app» /app\nRUN apt-get update && apt-get install -y ca-certificates\n',
      fixed: false,
      note: 'Another program with every edit: what comes from a stage changes with what it is made of.',
    },
    {
      bad: 'FROM node:22 AS base\nWORKDIR /app\nCOPY «.» .\nFROM base\nRUN npm --prefix web install\n',
      note: 'A stage stands on all layers of the one it starts from.',
    },
    {
      bad: 'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile* «app.rb» ./\nRUN bundle install\n',
      fixed: false,
    },
    {
      bad: 'FROM php:8\nWORKDIR /app\nCOPY «.» .\nRUN composer install\nRUN docker-php-ext-install pdo\n',
      fixed: false,
      note: 'Scripts of the project may run with the install, so that nobody can move it unseen.',
    },
    {
      bad: 'FROM debian:13\nCOPY «.» /\nRUN apt-get update && apt-get install -y curl && make && rm -rf /var/lib/apt/lists/*\n',
      note: 'The cleanup belongs into the layer of the install.',
    },
    {
      good: 'FROM rust:1 AS planner\nCOPY . /app\nRUN cargo chef prepare\nFROM rust:1\nCOPY --from=planner /app/recipe.json .\nRUN cargo chef cook\nCOPY . .\nRUN cargo build\n',
      note: 'The recipe lists the dependencies alone.',
    },
    {
      good: 'FROM node:22 AS pruned\nWORKDIR /app\nCOPY . .\nRUN npx turbo prune web --docker\nFROM node:22\nCOPY --from=pruned /app/out/json/ .\nRUN npm ci\n',
      note: 'So does this folder of Turborepo.',
    },
    {
      good: 'FROM node:22\nWORKDIR /app\nCOPY pnpm-lock.yaml ./\nRUN pnpm fetch\nCOPY . .\nRUN pnpm install --offline\n',
      note: 'Fetched before, linked behind.',
    },
    {
      bad: 'FROM sbtscala/scala-sbt:1\nWORKDIR /app\nCOPY «.» .\nRUN sbt update\n',
      good: 'FROM sbtscala/scala-sbt:1\nWORKDIR /app\nCOPY build.sbt ./\nCOPY project ./project/\nRUN sbt update\nCOPY . .\n',
    },
    { good: 'FROM python:3.13\nCOPY . /app\nRUN pip install -e /app\n', note: 'The package itself is installed.' },
    { good: 'FROM python:3.13\nCOPY . /app\nRUN pip install --no-index --find-links=/app/wheels x\n' },
    { good: 'FROM rust:1\nCOPY . .\nRUN cargo build --release\n' },
    {
      good: 'FROM node:22 AS deps\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nFROM node:22\nCOPY --from=deps /app/node_modules ./node_modules\nRUN npm i -g serve\n',
    },
    {
      good: 'FROM golang:1.25 AS build\nCOPY . .\nRUN go build -o /bin/tool\nFROM debian:13\nCOPY --from=build /usr/local/go /usr/local/go\nRUN apt-get install -y curl\n',
    },
    { good: 'FROM node:22\nCOPY --from=example/assets /app .\nRUN npm ci\n', note: 'What comes from an image stays.' },
    { good: 'FROM debian:13\nCOPY apt/ /etc/apt/\nRUN apt-get install -y curl\n' },
    {
      good: 'FROM debian:13\nCOPY docker-entrypoint.sh rootfs /\nCOPY scripts/build.py /build.py\nRUN apt-get install -y curl\n',
    },
    {
      good: 'FROM debian:13\nCOPY get.py /usr/local/bin/\nCOPY setup_spark.py /opt/\nRUN /opt/setup_spark.py\nRUN apt-get install -y curl\n',
      note: 'Programs that serve the build.',
    },
    { good: 'FROM debian:13\nCOPY . .\nRUN ./configure && apt-get install -y curl\n' },
    { good: 'FROM debian:13\nCOPY . /src\nRUN cp /src/sources.list /etc/apt/\nRUN apt-get install -y curl\n' },
    { good: 'FROM debian:13\nCOPY . .\nRUN make && npm ci\n', note: 'The build may make what the install reads.' },
    { good: 'FROM debian:13\nCOPY . .\nRUN apt-get install -y ./x.deb && apt-get install $(cat packages)\n' },
    { good: 'FROM node:22 AS a\nCOPY . .\nFROM node:22\nRUN npm install -g serve\n' },
    {
      good: 'FROM php:8\nWORKDIR /app\nCOPY composer.* ./\nRUN composer install --no-scripts --no-autoloader\nCOPY . .\nRUN composer install\n',
      note: 'The second install finds everything there.',
    },
    {
      good: 'FROM debian:13\nARG GIT_SHA\nLABEL revision=$GIT_SHA\nADD https://github.com/a/b.git /b\nRUN apt-get install -y curl\n',
    },
    { good: 'FROM debian:13\nCOPY <<EOF /app/src/\nx\nEOF\nRUN apt-get install -y curl\n' },
    { good: 'FROM node:22\nCOPY . .\nONBUILD RUN npm ci\n' },
  ],
  *check(model) {
    for (const { at, lates, title } of lateGroups(model, 'copy', ({ need }) => need.work !== 'compile')) {
      if (lates.every(({ need }) => need.work === 'download')) continue;
      const fix = reorder(model, lates);
      yield {
        at,
        message: `every edit of a source file runs ${title} again, behind this copy`,
        help: proposal(lates),
        ...(fix ? { fix } : {}),
      };
    }
  },
});
