import {
  addWord,
  type Command,
  composer,
  defineRule,
  flag,
  type Invocation,
  isForDevelopment,
  option,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'composer-dev',
  category: 'size',
  mentions: ['composer'],
  severity: 'info',
  summary: 'Composer installs development packages into the image',
  why: 'Without --no-dev Composer installs test tools, debuggers and profilers as well. They make the image larger, and some of them, such as a PHPUnit within reach of the web server, have been ways in.',
  examples: [
    {
      bad: 'FROM php:8.4\nRUN «composer install» --optimize-autoloader\n',
      good: 'FROM php:8.4\nRUN composer install --no-dev --optimize-autoloader\n',
    },
    {
      bad: 'FROM php:8.4 AS base\nRUN sudo -u app «php /usr/bin/composer.phar i»\nFROM base\nRUN «composer update»\n',
      good: 'FROM php:8.4 AS base\nRUN sudo -u app php /usr/bin/composer.phar i --no-dev\nFROM base\nRUN composer update --no-dev\n',
    },
    {
      bad: 'FROM php:8.4\nENV COMPOSER_NO_DEV=0\nRUN [«"composer", "install"»]\n',
      good: 'FROM php:8.4\nENV COMPOSER_NO_DEV=0\nRUN ["composer", "install", "--no-dev"]\n',
    },
    { good: 'FROM php:8.4\nRUN composer install --no-dev && composer update --no-dev\n' },
    { good: 'FROM php:8.4\nENV COMPOSER_NO_DEV=1\nRUN composer install\n' },
    { good: 'FROM php:8.4\nRUN COMPOSER_NO_DEV=1 composer install\n' },
    { good: 'FROM php:8.4\nRUN composer install && vendor/bin/phpunit && composer install --no-dev\n' },
    { good: 'FROM php:8.4\nRUN composer install\nRUN make && composer install --no-dev\n' },
    {
      good: 'FROM composer:2.8 AS vendor\nRUN composer install\nFROM php:8.4\nCOPY --from=vendor /app/vendor vendor\n',
    },
    { good: 'FROM php:8.4 AS dev\nRUN composer install\n' },
    { good: 'FROM php:8.4\nENV APP_ENV=test\nRUN composer install\n' },
    { good: 'FROM php:8.4\nARG FLAGS\nRUN composer install $FLAGS && composer install --dry-run\n' },
    { good: 'FROM php:8.4\nRUN composer require a/b && composer dump-autoload && npm install\n' },
  ],
  *check({ stages }) {
    for (const stage of stages) {
      if (!stage.isShipped || isForDevelopment(stage)) continue;
      const installs = stage.steps.filter(({ instruction }) => instruction.keyword === 'RUN').flatMap(installsOf);
      // The last one decides what is there.
      const last = installs.at(-1);
      if (!last || isWithoutDev(last)) continue;
      yield {
        at: last.found.head,
        message: 'this installs the development packages, too',
        help: 'add --no-dev, or install them in a stage of their own',
        // A build may need them.
        fix: { title: 'Add --no-dev', safe: false, edits: [addWord(last.found, '--no-dev')] },
      };
    }
  },
});

interface StepInstall {
  readonly found: Invocation;
  readonly step: Step;
}

function installsOf(step: Step): StepInstall[] {
  return step.commands.flatMap((command) => {
    const found = composer(command);
    const isInstall = found && /^(install|update)$/.test(found.subcommand) && !option(found, '--dry-run');
    return isInstall ? [{ found, step }] : [];
  });
}

function isWithoutDev({ found, step }: StepInstall): boolean {
  const { command } = found;
  if (flag(command, '--no-dev') || hasUnknown(command)) return true;
  const own = command.assignments.findLast(({ name }) => name === 'COMPOSER_NO_DEV')?.value?.text;
  return /^(1|true)$/.test(own ?? step.env.get('COMPOSER_NO_DEV')?.value ?? '');
}

function hasUnknown({ words }: Command): boolean {
  return words.some(({ expansions }) => expansions.length > 0);
}
