import type { Pair } from '../syntax.ts';

/** Names of arguments whose value is another one in every build, whatever their default. */
const clock = /(^|_)(BUILD_?(DATE|TIME|TIMESTAMP|ID|NUMBER|NUM)|TIMESTAMP|DATE_?CREATED|CREATED|SOURCE_DATE_EPOCH)$/i;

/**
 * Names of arguments that tell the commit of the project itself; `LIBFOO_COMMIT` says which libfoo to fetch. With a
 * real value as default, they pin something, too.
 */
const commit =
  /^((APP|BUILD|CI|CIRCLE|DOCKER|DRONE|GITHUB|GITLAB|HEAD|IMAGE|LAST|PROJECT|REPO|SOURCE|SRC|TRAVIS)_)?(COMMIT(_?(SHA1?|HASH|ID|REF|DATE))?|GIT_?(SHA1?|COMMIT(_?(SHA1?|HASH|ID|DATE))?|HASH|REF|REV|REVISION|DESCRIBE)|(VCS|SCM)_?(REF|REVISION|COMMIT)|REVISION|SHA1?)$/i;

/** Defaults that stand for nothing: the true value comes with the build. */
const placeholder =
  /^(unknown|none|dev|devel|develop|local|head|main|master|latest|n\/?a|undefined|null|unset|todo|x+|0*|failed|\$.*)$/i;

/**
 * Whether an ARG has another value in every build. A name such as CACHEBUST is not meant: who declares it wants
 * exactly what follows to run again.
 */
export function changesEveryBuild({ key, value }: Pair): boolean {
  return clock.test(key.text) || (commit.test(key.text) && (value === undefined || placeholder.test(value.text)));
}

/** Names of the variables that a word refers to. */
export function variablesIn(raw: string): readonly string[] {
  if (!raw.includes('$')) return [];
  return [...raw.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
}
