import {
  composer,
  composerPackages,
  defineRule,
  type Invocation,
  type PackageWord,
  unpinned,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'composer-unpinned',
  category: 'correctness',
  mentions: ['composer'],
  severity: 'warning',
  summary: 'Composer takes packages without a version',
  why: 'Without a version Composer takes the newest release, a new major version included, on the day of the build. What was tested is not what is built a month later, and a hijacked release is in the image at once.',
  examples: [
    {
      bad: 'FROM composer:2.8\nRUN composer require --quiet «runtime/swoole» monolog/monolog:^3\n',
      good: 'FROM composer:2.8\nRUN composer require --quiet runtime/swoole:^0.5 monolog/monolog:^3\n',
    },
    {
      bad: 'FROM composer:2.8\nRUN composer global require «a/b» c/d=1 && php composer.phar -d /app req e/f "^1.2" «g/h»\n',
    },
    { bad: 'FROM composer:2.8\nRUN composer require «a/b:dev-master» c/d:dev-main#abc123\n' },
    {
      bad: 'FROM composer:2.8\nRUN composer create-project «laravel/laravel» app && composer create-project a/b app v1\n',
    },
    { bad: 'FROM composer:2.8\nRUN ["composer", "require", «"a/b"»]\n' },
    { bad: 'FROM composer:2.8\nENV LIBRARIES="a/b:1 c/d"\nRUN composer require «$LIBRARIES»\n' },
    {
      good: 'FROM composer:2.8\nRUN composer require "a/b ^1" c/d:$V $LIBRARIES ext-json && composer create-project a/b:^1 app\n',
    },
    {
      good: 'FROM composer:2.8\nRUN true && composer install --no-dev && composer remove a/b && composer create-project\n',
    },
  ],
  *check({ allCommands }) {
    for (const { command, step } of allCommands) {
      const found = composer(command);
      const install = found && installation(found);
      const open = install && unpinned(install, step, composerPackages, isOpen);
      if (!open) continue;
      yield {
        at: open.at,
        message: `Composer takes whatever version of ${open.names} is the newest`,
        help: 'name the version: vendor/name:^1.2, or install from composer.lock',
      };
    }
  },
});

/** `create-project PACKAGE [FOLDER [VERSION]]`. */
function installation(found: Invocation): Invocation | undefined {
  if (/^(global )?require$/.test(found.subcommand)) return found;
  if (found.subcommand !== 'create-project') return undefined;
  return { ...found, operands: found.operands.length > 2 ? [] : found.operands.slice(0, 1) };
}

/** A branch moves; `dev-main#commit` does not. */
function isOpen({ name, operator, version }: PackageWord): boolean {
  return name.includes('/') && (operator === undefined || /^(\*|dev-[\w/-]+)$/.test(version ?? ''));
}
