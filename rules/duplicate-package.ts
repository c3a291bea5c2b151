import { defineRule, packageInstall, removeWords, type Span } from '../src/lint/rule.ts';

export default defineRule({
  id: 'duplicate-package',
  category: 'style',
  severity: 'style',
  summary: 'a package is named twice in one install',
  why: 'The second mention does nothing. It makes the list harder to keep: whoever removes the package, or changes its version, misses the other one.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get install -y curl git «curl» wget\n',
      good: 'FROM debian:13\nRUN apt-get install -y curl git wget\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo apt-get install -y \\\n    curl \\\n    «curl» \\\n    git «git»\n',
      good: 'FROM debian:13\nRUN sudo apt-get install -y \\\n    curl \\\n    git\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN apk add a=1 b «a=1» && yum install -y a «a» && dnf install a «a» && zypper in a «a»\n',
      good: 'FROM alpine:3.22\nRUN apk add a=1 b && yum install -y a && dnf install a && zypper in a\n',
    },
    {
      bad: 'FROM debian:13\nRUN pip install a==1 «a==1» && npm i -g b@1 «b@1» && yarn add c «c» && gem install d «d»\n',
      good: 'FROM debian:13\nRUN pip install a==1 && npm i -g b@1 && yarn add c && gem install d\n',
    },
    {
      bad: 'FROM debian:13\nRUN uv pip install a «a» && composer require a/b «a/b» && conda install a «a»\n',
      good: 'FROM debian:13\nRUN uv pip install a && composer require a/b && conda install a\n',
    },
    { bad: 'FROM debian:13\nRUN ["apt-get", "install", "curl", «"curl"»]\n' },
    {
      bad: 'FROM debian:13\nRUN apt-get install -y curl \\\n    # for the tests\n    «curl»\n',
      note: 'What the comment is about, only a person can tell.',
    },
    { good: 'FROM debian:13\nRUN apt-get install -y curl libcurl4 && apt-get install -y curl\n' },
    { good: 'FROM debian:13\nRUN apt-get remove curl curl && pip install a a[b] && apt-get install -t a a\n' },
    { good: 'FROM debian:13\nRUN apt-get install $A $A && npm i a@1 a@2 && echo a a\n' },
  ],
  *check({ commands, dockerfile: { source } }) {
    for (const { command } of commands) {
      const found = packageInstall(command);
      if (!found) continue;
      const seen = new Set<string>();
      for (const { word, name } of found.packages) {
        if (word.expansions.length > 0) continue;
        if (!seen.has(word.text)) {
          seen.add(word.text);
          continue;
        }
        const edit = removeWords(command, word);
        yield {
          at: word.span,
          message: `${name} is named twice`,
          help: 'leave one out',
          ...(edit && isBlank(source.text, edit.span, word.span)
            ? { fix: { title: `Remove ${name}`, edits: [edit] } }
            : {}),
        };
      }
    }
  },
});

/** Whether nothing but blanks and continuation marks stands in front of a word that is removed. */
function isBlank(text: string, removed: Span, word: Span): boolean {
  return /^[\s\\`]*$/.test(text.slice(removed.start, word.start));
}
