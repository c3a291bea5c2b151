import type { Command } from '../shell.ts';
import type { Change } from './changes.ts';
import { baseName } from './context-paths.ts';
import type { Need } from './needs/need.ts';

/** Whether a command may use anything of the tree, so that what stands behind it in the same RUN may depend on it. */
export function readsTree(command: Command, need: Need | undefined): boolean {
  return need?.work === 'compile' || runsScript(command) || preparesSystem(command);
}

/** Whether a command may change how packages are installed from now on: a script of the tree, settings put in place. */
export function preparesInstall(command: Command): boolean {
  return runsScript(command) || preparesSystem(command);
}

function runsScript({ name, words, redirects }: Command): boolean {
  const [program, first] = words;
  if (/^\.{0,2}\/(?!usr\/|bin\/|sbin\/|opt\/)/.test(program?.text ?? '') && !/^(mvnw|gradlew)$/.test(name)) return true;
  if (!/^(sh|bash|ash|zsh|python[\d.]*|perl|ruby|node|php|source|\.)$/.test(name)) return false;
  const script = words.slice(1).find(({ text }) => !text.startsWith('-'))?.text;
  // `curl … | bash -` and `python -m` read nothing of the tree.
  return (
    script !== undefined && !/^-[cm]$/.test(first?.text ?? '') && redirects.length === 0 && !script.includes('composer')
  );
}

/** `cp /src/sources.list /etc/apt/`: settings of the system that come from the tree. */
function preparesSystem({ name, words }: Command): boolean {
  if (!/^(cp|mv|ln|install|rsync|tar|cat|patch|apt-key|rpm|dpkg)$/.test(name)) return false;
  const operands = words.slice(1).filter(({ text }) => !text.startsWith('-') && !text.includes('://'));
  return operands.length > 1 && /^(\/etc|\/usr|\/root|~|\/$|\$HOME)/.test(operands.at(-1)?.text ?? '');
}

/** Whether a command runs a copied file: then it is a script of the build, no source of the application. */
export function runsFile({ name, words }: Command, { input }: Change): boolean {
  if (input.kind !== 'context') return false;
  if (/^(cd|pushd|ls)$/.test(name)) return false;
  const file = baseName(input.path);
  return name === file || (words[1] !== undefined && baseName(words[1].text) === file);
}
