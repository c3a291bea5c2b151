import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import { systemTool } from './needs/system.ts';
import { needOf } from './needs.ts';

/** Whether a command may run without the copied files: `system` when that is sure, `known` when it is likely. */
export type Neutrality = 'system' | 'known';

/** Programs that read no file of the context when they are called like most people call them. */
const harmless =
  /^(set|echo|printf|true|:|mkdir|curl|wget|gpg|tee|apt-key|add-apt-repository|apt-mark|useradd|groupadd|adduser|addgroup|update-ca-certificates|locale-gen|rustup|corepack|docker-php-ext-(install|configure|enable)|pecl|debconf-set-selections|a2enmod|ldconfig|node|sh|bash)$/;

/** Undefined: it may need what is copied. */
export function neutrality(command: Command): Neutrality | undefined {
  const { name, words, redirects } = command;
  if (systemTool(command)) return needOf(command)?.work === 'install' || !installs(command) ? 'system' : undefined;
  if (name === 'set' || (/^(echo|true|:)$/.test(name) && redirects.length === 0)) return 'system';
  if (name === 'rm')
    return words.slice(1).every(({ text }) => /^(-|\/var\/(lib\/apt|cache)\/|\/tmp\/)/.test(text))
      ? 'system'
      : undefined;
  const work = needOf(command)?.work;
  if (work === 'install' || work === 'download') return 'known';
  // `curl … | bash -` is fine, a script of the tree is not.
  if (/^(node|sh|bash)$/.test(name))
    return command.pipeline.position > 0 && words.every(({ text }, i) => i === 0 || text.startsWith('-'))
      ? 'known'
      : undefined;
  return harmless.test(name) ? 'known' : undefined;
}

function installs(command: Command): boolean {
  return /^(install|add|localinstall|groupinstall|build-dep)$/.test(systemTool(command)?.subcommand ?? '');
}

/**
 * Whether packages of a distribution have nothing to do with a path: they keep to the folders of the Filesystem
 * Hierarchy Standard.
 */
export function isOwnFolder(path: string | undefined): boolean {
  const top = /^\/([^/]+)/.exec(path ?? '')?.[1];
  if (top === undefined || /^\/usr\/(local\/)?src(\/|$)/.test(path ?? '')) return top !== undefined;
  return !/^(bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|nix|\0)$/.test(top);
}

/** Whether an instruction other than RUN, COPY and ADD means the same in front of a copy as behind it. */
export function isIndifferent({ instruction, deferred }: Step, hasRelativeTarget: boolean): boolean {
  switch (instruction.keyword) {
    case 'WORKDIR':
      return !hasRelativeTarget;
    case 'VOLUME':
    case 'UNKNOWN':
      return deferred;
    default:
      return true;
  }
}
