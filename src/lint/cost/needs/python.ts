import { type Invocation, option } from '../../commands/arguments.ts';
import { conda, poetry } from '../../commands/languages.ts';
import { pip, pipPackages, uv } from '../../commands/pip.ts';
import { pdm, pipenv, pipx } from '../../commands/python-tools.ts';
import type { Command } from '../../shell.ts';
import { compile, compileWith, install, installOf, type Need } from './need.ts';

/** `pip`, `uv`, `poetry`, `pipenv`, `pdm`, `conda`. */
export function pythonNeed(command: Command): Need | undefined {
  return pipNeed(command) ?? uvNeed(command) ?? projectNeed(command) ?? condaNeed(command);
}

function pipNeed(command: Command): Need | undefined {
  const found = pip(command);
  if (found) return /^(install|download|wheel)$/.test(found.subcommand) ? requirementsNeed(found) : undefined;
  if (pipx(command)?.subcommand === 'install') return install('never');
  return undefined;
}

function requirementsNeed(found: Invocation): Need {
  const isLocal =
    option(found, '-e', '--editable') !== undefined ||
    pipPackages(found).some(({ kind, word }) => kind === 'directory' || kind === 'file' || word.text.startsWith('.'));
  const isOffline = found.options.some(
    ({ name, value = '' }) => name === '--no-index' || (/^(-f|--find-links)$/.test(name) && !value.includes('://')),
  );
  if (isLocal || isOffline) return compile;
  const files = found.options
    .filter(({ name }) => /^(-r|--requirement|-c|--constraint)$/.test(name))
    .flatMap(({ value }) => (value === undefined || value.includes('://') ? [] : [value]));
  return filesNeed(files);
}

function filesNeed(files: readonly string[]): Need {
  if (files.length === 0) return install('never');
  return { work: 'install', volatility: 'dependency-change', manifests: files, project: `pip ${files.join(' ')}` };
}

function uvNeed(command: Command): Need | undefined {
  const found = uv(command);
  switch (found?.subcommand) {
    case 'pip install':
      return requirementsNeed(found);
    case 'pip sync':
      return filesNeed(found.operands.map(({ text }) => text));
    case 'tool install':
    case 'python install':
      return install('never');
    case 'sync':
      if (option(found, '--no-install-project', '--no-install-workspace', '--only-group', '--only-dev'))
        return installOf('uv', 'pyproject.toml', 'uv.lock*');
      return compileWith('uv', 'uv sync --no-install-project', '~/.cache/uv', 'pyproject.toml', 'uv.lock*');
    default:
      return undefined;
  }
}

function projectNeed(command: Command): Need | undefined {
  const poems = poetry(command);
  if (poems?.subcommand === 'install') {
    if (option(poems, '--no-root', '--no-directory')) return installOf('poetry', 'pyproject.toml', 'poetry.lock*');
    return compileWith('poetry', 'poetry install --no-root', '~/.cache/pypoetry', 'pyproject.toml', 'poetry.lock*');
  }
  const modules = pdm(command);
  if (modules && /^(install|sync)$/.test(modules.subcommand)) {
    if (option(modules, '--no-self', '--prod-only')) return installOf('pdm', 'pyproject.toml', 'pdm.lock*');
    return compileWith('pdm', 'pdm sync --no-self', '~/.cache/pdm', 'pyproject.toml', 'pdm.lock*');
  }
  const environment = pipenv(command);
  return environment && /^(install|sync)$/.test(environment.subcommand) ? installOf('pipenv', 'Pipfile*') : undefined;
}

function condaNeed(command: Command): Need | undefined {
  const found = conda(command);
  if (!found || !/^(install|create|env (create|update))$/.test(found.subcommand)) return undefined;
  const file = option(found, '-f', '--file')?.value;
  if (file === undefined && !found.subcommand.startsWith('env')) return install('never');
  return installOf('conda', file ?? 'environment.yml');
}
