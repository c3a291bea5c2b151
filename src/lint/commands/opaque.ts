import type { Command } from '../shell.ts';

/** Programs that run what stands in some other file. */
const interpreters =
  /^(\.|source|eval|make|ninja|nala|apt-fast|mk-build-deps|tasksel|gdebi|rosdep|npx|playwright|ansible(-playbook)?|chef-client|puppet|salt-call|(ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|node|php)$/;

/** Whether nobody can tell from the Dockerfile what a command does: scripts, `make`, `$INSTALLER`. */
export function isOpaque({ name, words }: Command): boolean {
  const [program, first] = words;
  if (!program) return false;
  if (program.expansions.length > 0 || interpreters.test(name)) return first?.text !== '-m' || words[2]?.text !== 'pip';
  if (/\.(sh|bash|py|pl|rb)$|.install|^install.|setup/.test(name)) return true;
  return program.text.includes('/') && !/^\/(usr\/(local\/)?)?s?bin\//.test(program.text);
}
