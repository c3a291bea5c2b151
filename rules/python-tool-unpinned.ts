import {
  type Command,
  defineRule,
  hasNoVersion,
  type Invocation,
  option,
  type PackageWord,
  packageRun,
  pdm,
  pipenv,
  pipPackages,
  pipx,
  poetry,
  unpinned,
  uv,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'python-tool-unpinned',
  category: 'correctness',
  mentions: ['pip', 'uv', 'poetry', 'pdm'],
  severity: 'warning',
  summary: 'uv, pipx, Poetry, Pipenv or PDM takes packages without a version',
  why: 'Without a version the newest release is taken, a new major version included, on the day of the build. What was tested is not what is built a month later, and a hijacked release is in the image at once.',
  examples: [
    {
      bad: 'FROM python:3.13\nRUN uv pip install --system «flask» gunicorn==23.0.0\n',
      good: 'FROM python:3.13\nRUN uv pip install --system flask==3.1.2 gunicorn==23.0.0\n',
    },
    { bad: 'FROM python:3.13\nRUN pipx install «poetry» && pipx inject x a==1 «b» && poetry add «c@latest» d@^1\n' },
    { bad: 'FROM python:3.13\nRUN sudo uv tool install «ruff» && uv add «a» && pipenv install «b» && pdm add «c»\n' },
    { bad: 'FROM python:3.13\nRUN uvx «ruff» check && uv tool run «--from=black» a && pipx run --spec «black» b\n' },
    { bad: 'FROM python:3.13\nRUN ["uvx", «"ruff@latest"»]\n' },
    { bad: 'FROM python:3.13\nENV TOOLS="a==1 b"\nRUN uv pip install «$TOOLS»\n' },
    {
      good: 'FROM python:3.13\nRUN uvx ruff@0.12.0 check && uvx --from "black==25.1" a b && pipx run black==25.1 $TOOL\n',
    },
    { good: 'FROM python:3.13\nRUN uv pip install -r requirements.txt . && uv pip install -c constraints.txt flask\n' },
    { good: 'FROM python:3.13\nRUN uv sync --locked && poetry install && pipenv install --deploy && pdm install\n' },
    { good: 'FROM python:3.13\nRUN uv pip install $TOOLS a==$A && uv add git+https://a.example/b.git@v1 && uvx\n' },
    {
      good: 'FROM python:3.13\nRUN pip install flask && pipx list && poetry remove flask\n',
      note: 'pip is `pip-unpinned`.',
    },
  ],
  *check({ allCommands }) {
    for (const { command, step } of allCommands) {
      const install = runOf(command) ?? installation(command);
      if (!install || option(install, '-c', '--constraint', '--constraints', '--no-index')) continue;
      const found = unpinned(install, step, pipPackages, isOpen);
      if (!found) continue;
      yield {
        at: found.at,
        message: `${install.tool} takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package==version, or install from a lock file',
      };
    }
  },
});

function installation(command: Command): Invocation | undefined {
  const found = uv(command) ?? pipx(command) ?? poetry(command) ?? pipenv(command) ?? pdm(command);
  if (!found) return undefined;
  // pipx inject ENVIRONMENT PACKAGE…
  if (found.subcommand === 'inject') return { ...found, operands: found.operands.slice(1) };
  return /^((pip|tool) install|install|add)$/.test(found.subcommand) ? found : undefined;
}

/** What `uvx` and `pipx run` fetch, as if it were an install. */
function runOf(command: Command): Invocation | undefined {
  const run = packageRun(command);
  if (run?.language !== 'python') return undefined;
  const { runner, packages, head } = run;
  return { command, tool: runner, subcommand: '', head, options: [], operands: packages };
}

function isOpen(each: PackageWord): boolean {
  return hasNoVersion(each) || each.version === 'latest';
}
