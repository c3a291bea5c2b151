import {
  bundle,
  type Command,
  type CommandOption,
  composer,
  defineRule,
  type Edit,
  gem,
  type Invocation,
  npm,
  pip,
  poetry,
  remove,
  replace,
} from '../src/lint/rule.ts';

interface StaleOption {
  readonly read: (command: Command) => Invocation | undefined;
  readonly names: readonly string[];
  /** Only with such a value. */
  readonly value?: RegExp;
  readonly since: string;
  readonly help: string;
  /** The option to write in its place; empty when it can just go. */
  readonly instead?: string;
}

/** The changelogs of RubyGems 3.0, npm 7, pip 10 to 23.1, Bundler 2, Poetry 2 and Composer 2. */
const staleOptions: readonly StaleOption[] = [
  {
    read: gem,
    names: ['--no-ri', '--no-rdoc'],
    since: 'RubyGems 3.0 refuses it',
    help: 'write --no-document',
    instead: '--no-document',
  },
  {
    read: npm,
    names: ['--production', '--prod'],
    since: 'npm warns about it since version 7',
    help: 'write --omit=dev',
    instead: '--omit=dev',
  },
  {
    read: npm,
    names: ['--only'],
    value: /^prod(uction)?$/,
    since: 'npm warns about it since version 7',
    help: 'write --omit=dev',
    instead: '--omit=dev',
  },
  { read: npm, names: ['--unsafe-perm'], since: 'npm ignores it since version 7', help: 'remove it', instead: '' },
  {
    read: pip,
    names: ['--process-dependency-links', '--egg', '--no-use-wheel', '--allow-external', '--allow-all-external'],
    since: 'pip refuses it since version 19 at the latest',
    help: 'remove it, and write requirements as `name @ URL`',
  },
  { read: pip, names: ['--install-option'], since: 'pip 23.1 refuses it', help: 'write --config-settings' },
  {
    read: bundle,
    names: ['--without', '--with', '--deployment', '--path', '--system', '--binstubs'],
    since: 'Bundler warns about it since version 2 and has dropped it in version 4',
    help: 'write `bundle config set --local` with the same name before the install',
  },
  {
    read: poetry,
    names: ['--no-dev'],
    since: 'Poetry 2.0 refuses it',
    help: 'write --only main',
    instead: '--only main',
  },
  { read: composer, names: ['--no-suggest'], since: 'Composer 2 ignores it', help: 'remove it', instead: '' },
];

export default defineRule({
  id: 'stale-package-option',
  category: 'correctness',
  severity: 'info',
  summary: 'an option that a package manager no longer knows',
  why: 'The option was removed or given up in newer versions of the package manager. An upgrade of the base image turns it into an error, or into nothing without a word.',
  examples: [
    {
      bad: 'FROM ruby:3.4\nRUN gem install «--no-ri» --no-rdoc rake:13.3.0\n',
      good: 'FROM ruby:3.4\nRUN gem install --no-document rake:13.3.0\n',
      fixed: true,
    },
    {
      bad: 'FROM node:22\nRUN npm ci «--only=production» && npm install «--production» && npm ci «--only prod»\n',
      good: 'FROM node:22\nRUN npm ci --omit=dev && npm install --omit=dev && npm ci --omit=dev\n',
    },
    {
      bad: 'FROM node:22\nRUN npm «--unsafe-perm» install && npm install -g «--unsafe-perm=true» a@1\n',
      good: 'FROM node:22\nRUN npm install && npm install -g a@1\n',
    },
    { bad: 'FROM python:3.13\nRUN pip install «--process-dependency-links» . && pip install «--install-option=x» a\n' },
    {
      bad: 'FROM ruby:3.4\nRUN bundle install «--without development» --jobs 4\nRUN ["bundle", "install", «"--deployment"»]\n',
    },
    {
      bad: 'FROM python:3.13\nRUN poetry install «--no-dev» && composer install «--no-suggest» -n && composer require «--no-suggest» a/b:1 && composer update «--no-suggest»\n',
      good: 'FROM python:3.13\nRUN poetry install --only main && composer install -n && composer require a/b:1 && composer update\n',
    },
    { bad: 'FROM node:22\nRUN ["npm", "install", «"--production"»]\n' },
    {
      good: 'FROM node:22\nRUN npm ci --omit=dev --only=dev && yarn install --production && bun install --production\n',
    },
    { good: 'FROM ruby:3.4\nRUN gem install --no-document rake && bundle config set --local without development\n' },
    {
      good: 'FROM node:22\nRUN npm install --production=false --unsafe-perm true && npm i --production false && npm run build -- --production\n',
    },
    { good: 'FROM ruby:3.4\nRUN bundle exec x --path /y --deployment && npm run build --production\n' },
  ],
  *check({ commands }) {
    for (const { command } of commands) {
      for (const stale of staleOptions) {
        const found = stale.read(command);
        if (!/^(install|ci|require|update)$/.test(found?.subcommand ?? '')) continue;
        const options = found?.options.filter((each) => isStale(each, stale, command)) ?? [];
        const [first] = options;
        if (!first) continue;
        const edits = command.exec ? [] : repair(options, stale, command);
        yield {
          at: spanOf(first),
          message: `${first.name}: ${stale.since}`,
          help: stale.help,
          ...(edits.length > 0 ? { fix: { title: 'Write what is in use today', safe: false, edits } } : {}),
        };
      }
    }
  },
});

/** What stands behind `--` belongs to a script. */
function isStale({ name, value, word }: CommandOption, stale: StaleOption, { words }: Command): boolean {
  if (!stale.names.includes(name) || value === 'false' || (stale.value && !stale.value.test(value ?? ''))) return false;
  const next = words[words.indexOf(word) + 1];
  return next?.text !== 'true' && next?.text !== 'false';
}

function spanOf({ word, valueWord }: CommandOption): { start: number; end: number } {
  return { start: word.span.start, end: (valueWord ?? word).span.end };
}

/** The first one is replaced, others go with the blanks in front of them. */
function repair(options: readonly CommandOption[], { instead }: StaleOption, { words }: Command): readonly Edit[] {
  if (instead === undefined) return [];
  return options.map((each, i) => {
    const span = spanOf(each);
    if (i === 0 && instead !== '') return replace(span, instead);
    const before = words[words.indexOf(each.word) - 1];
    return remove({ start: before?.span.end ?? span.start, end: span.end });
  });
}
