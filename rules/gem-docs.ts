import { addWord, defineRule, flag, gem, isSetBy, option, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'gem-docs',
  category: 'size',
  mentions: ['gem'],
  severity: 'info',
  summary: 'gem generates documentation into the layer',
  why: 'gem install generates the documentation of every gem, for `ri` and as HTML. That takes longer than the installation itself, and nobody reads it in an image.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «gem install» rake\n',
      good: 'FROM debian:13\nRUN gem install --no-document rake\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «/usr/bin/gem update» --system; [ -e /x ] && «gem3.3 i» -v 1 rake\n',
      good: 'FROM debian:13\nRUN sudo /usr/bin/gem update --no-document --system; [ -e /x ] && gem3.3 i --no-document -v 1 rake\n',
    },
    {
      bad: 'FROM debian:13\nRUN [«"gem", "install"», "rake"]\n',
      good: 'FROM debian:13\nRUN ["gem", "install", "--no-document", "rake"]\n',
    },
    {
      bad: 'FROM example/app:3.4\nRUN «gem install» rake --no-rdoc\n',
      good: 'FROM example/app:3.4\nRUN gem install --no-document rake --no-rdoc\n',
    },
    {
      good: 'FROM debian:13\nRUN gem install --no-document a && gem install -N b && gem install --no-ri --no-rdoc c && gem i --document=ri d\n',
    },
    { good: 'FROM debian:13 AS base\nRUN echo "gem: --no-document" > ~/.gemrc\nFROM base\nRUN gem install rake\n' },
    { good: 'FROM debian:13\nCOPY gemrc /etc/gemrc\nRUN gem install rake\n' },
    { good: 'FROM ruby:3.4 AS base\nFROM base\nRUN gem install rake\n', note: 'The image has a gemrc that says no.' },
    {
      good: 'FROM mcr.microsoft.com/devcontainers/ruby:3.4\nRUN gem install rake\n',
      note: 'So has what is built on it.',
    },
    { good: 'FROM debian:13\nRUN gem install -g --no-ri --no-rdoc\n' },
    { good: 'FROM debian:13 AS build\nRUN gem install rake\nFROM debian:13\n' },
    { good: 'FROM debian:13\nRUN gem list && gem sources && bundle install\n' },
  ],
  *check(model) {
    const isConfigured = isSetBy(model, { file: /gemrc$/, text: /--no-(document|ri|rdoc)/ });
    for (const { command, step } of model.commands) {
      const found = gem(command);
      if (!found || !/^(install|update)$/.test(found.subcommand)) continue;
      if (option(found, '--no-document', '-N', '--document')) continue;
      // As words: the file name behind -g may be left out.
      if (flag(command, '--no-ri') && flag(command, '--no-rdoc')) continue;
      if (!step.stage.isShipped || isRubyImage(step) || isConfigured(step)) continue;
      yield {
        at: found.head,
        message: 'gem generates documentation into this layer',
        help: 'add --no-document',
        fix: { title: 'Add --no-document', safe: false, edits: [addWord(found, '--no-document')] },
      };
    }
  },
});

/** Docker's official images have `gem: --no-document` in /usr/local/etc/gemrc, and many others start from them. */
function isRubyImage({ stage }: Step): boolean {
  const base = stage.root;
  return base.kind === 'image' && /ruby|rails|jekyll/.test(base.image.repository);
}
