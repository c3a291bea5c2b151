import type { Command } from '../shell.ts';
import { type Invocation, readInvocation, type ToolSyntax } from './arguments.ts';

const pipxSyntax: ToolSyntax = {
  valued: new Set(['--python', '-i', '--index-url', '--pip-args', '--suffix', '--spec', '--backend']),
};

const pipenvSyntax: ToolSyntax = {
  valued: new Set(['-r', '--requirements', '-i', '--index', '--extra-pip-args', '--categories', '--python', '-e']),
};

const pdmSyntax: ToolSyntax = {
  valued: new Set(['-G', '--group', '-p', '--project', '-L', '--lockfile', '-e', '--editable', '--venv', '-c']),
};

/** `pipx`. */
export function pipx(command: Command): Invocation | undefined {
  return command.name === 'pipx' ? readInvocation(command, 'pipx', 1, pipxSyntax) : undefined;
}

/** `pipenv`. */
export function pipenv(command: Command): Invocation | undefined {
  return command.name === 'pipenv' ? readInvocation(command, 'pipenv', 1, pipenvSyntax) : undefined;
}

/** `pdm`. */
export function pdm(command: Command): Invocation | undefined {
  return command.name === 'pdm' ? readInvocation(command, 'pdm', 1, pdmSyntax) : undefined;
}
