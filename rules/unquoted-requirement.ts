import {
  apk,
  type Command,
  conda,
  cover,
  defineRule,
  type Invocation,
  npm,
  pip,
  pipx,
  poetry,
  replace,
  type ShellWord,
  type Span,
  uv,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'unquoted-requirement',
  category: 'correctness',
  severity: 'warning',
  summary: 'the shell takes `>` of a version for a redirection',
  why: 'In `pip install flask>=3` the shell reads `>` as a redirection: pip is told to install any flask, and its output goes to a file called `=3`. With `<` the shell looks for such a file and the build fails.',
  examples: [
    {
      bad: 'FROM python:3.13\nRUN pip install «flask>=3» gunicorn==23\n',
      good: "FROM python:3.13\nRUN pip install 'flask>=3' gunicorn==23\n",
      fixed: true,
    },
    {
      bad: 'FROM python:3.13\nARG V=3\nRUN pip install «flask>=${V}»\n',
      good: 'FROM python:3.13\nARG V=3\nRUN pip install "flask>=${V}"\n',
    },
    {
      bad: 'FROM python:3.13\nRUN sudo pip install «flask>=3,<4» b\n',
      good: "FROM python:3.13\nRUN sudo pip install 'flask>=3,<4' b\n",
    },
    {
      bad: 'FROM python:3.13\nRUN apk add «curl>8» && pipx upgrade «a>=1» && uv pip install «b<2»\n',
      good: "FROM python:3.13\nRUN apk add 'curl>8' && pipx upgrade 'a>=1' && uv pip install 'b<2'\n",
    },
    {
      bad: 'FROM python:3.13\nRUN conda install «a>=1» && poetry add «b>=1» && npm install «c@>=1»\n',
      good: "FROM python:3.13\nRUN conda install 'a>=1' && poetry add 'b>=1' && npm install 'c@>=1'\n",
    },
    { bad: 'FROM python:3.13\nRUN pip install «"a">=1»\n', note: 'Quotes inside: to be mended by hand.' },
    {
      good: 'FROM python:3.13\nRUN pip install "flask>=3" \'a<2\' > log 2>&1 && pip install b >/dev/null && pip install c>log\n',
    },
    { good: 'FROM python:3.13\nRUN ["pip", "install", "flask>=3"]\n' },
    { good: 'FROM python:3.13\nRUN pip freeze >2.txt && echo a>=1 && pip install b 2>1\n' },
    { good: 'FROM python:3.13\nRUN pip show a>1 && pip install b>1.log && pip install c>2.txt && pip install d>>1\n' },
    { bad: 'FROM python:3.13\nRUN uv tool install «a>=1»\n', good: "FROM python:3.13\nRUN uv tool install 'a>=1'\n" },
  ],
  *check({ commands, dockerfile }) {
    for (const { command } of commands) {
      const install = installation(command);
      if (!install) continue;
      const versions = versionLike(command);
      for (const word of install.operands) {
        const at = swallowed(word, versions);
        if (!at) continue;
        const text = dockerfile.source.text.slice(at.start, at.end);
        const quote = text.includes('$') ? '"' : "'";
        const fix = { title: 'Quote it', safe: false, edits: [replace(at, `${quote}${text}${quote}`)] };
        yield {
          at,
          message: 'the shell redirects the output here, so the version is never seen',
          help: 'quote it',
          ...(/["'\\`\n]/.test(text) ? {} : { fix }),
        };
      }
    }
  },
});

function installation(command: Command): Invocation | undefined {
  if (command.redirects.length === 0) return undefined;
  const found = [pip, uv, pipx, poetry, conda, apk, npm].map((read) => read(command)).find((each) => each);
  return found && /^((pip|tool) install|install|add|create|upgrade|inject)$/.test(found.subcommand) ? found : undefined;
}

/** By where they begin: one command may have as many as it has words. */
function versionLike({ redirects }: Command): ReadonlyMap<number, Span> {
  const found = redirects.filter(
    ({ operator, target }) =>
      /^[<>]$/.test(operator) &&
      target !== undefined &&
      /^(=|\d)/.test(target.text) &&
      !/\.(txt|log)$/.test(target.text),
  );
  return new Map(found.map(({ span }) => [span.start, span]));
}

/** A word and the redirections that stick to it, when these look like versions. */
function swallowed(word: ShellWord, versions: ReadonlyMap<number, Span>): Span | undefined {
  let at = word.span;
  for (let next = versions.get(at.end); next && next.end > at.end; next = versions.get(at.end)) at = cover(at, next);
  return at === word.span ? undefined : at;
}
