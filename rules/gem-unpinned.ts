import { defineRule, gem, gemPackages, option, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'gem-unpinned',
  aliases: ['DL3028'],
  category: 'correctness',
  mentions: ['gem'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'gem installs gems without a version',
  why: 'Without a version gem takes the newest release, a new major version included, on the day of the build. What was tested is not what is built a month later, and a hijacked release is in the image at once.',
  examples: [
    {
      bad: 'FROM ruby:3.4\nRUN gem install --no-document «bundler» rake:13.3.0\n',
      good: 'FROM ruby:3.4\nRUN gem install --no-document bundler:2.7.1 rake:13.3.0\n',
    },
    {
      bad: 'FROM ruby:3.4\nRUN sudo /usr/local/bin/gem i -N «bundler» && gem3.4 install -s https://a.example «rake»\n',
    },
    { bad: 'FROM ruby:3.4\nRUN ["gem", "install", «"bundler"»]\n' },
    { bad: 'FROM ruby:3.4\nENV GEMS="a:1 b"\nRUN gem install «$GEMS»\n' },
    { good: 'FROM ruby:3.4\nRUN gem install -v 2.7.1 bundler && gem install bundler --version "~> 2.7"\n' },
    { good: 'FROM ruby:3.4\nRUN gem install ./a.gem b:1 -- --with-xml2 /usr && gem install -g && gem install $GEMS\n' },
    { good: 'FROM ruby:3.4\nRUN gem update --system && gem uninstall bundler && bundle install\n' },
  ],
  deviations: [
    { code: 'DL3028', what: 'reads the gems behind options such as --no-document', why: 'these take no value' },
    {
      code: 'DL3028',
      what: 'fills in variables, and is silent for those that only the build knows',
      why: '`$GEMS` may well have versions in it',
    },
  ],
  *check({ allCommands }) {
    for (const { command, step } of allCommands) {
      const install = gem(command);
      if (install?.subcommand !== 'install' || option(install, '-v', '--version')) continue;
      const found = unpinned(install, step, gemPackages);
      if (!found) continue;
      yield {
        at: found.at,
        message: `gem takes whatever version of ${found.names} is the newest`,
        help: 'name the version: name:version, or install from a Gemfile.lock with Bundler',
      };
    }
  },
});
