import { DlintError } from './errors.ts';
import type { Rule } from './lint/rule.ts';
import { didYouMean } from './suggest.ts';

/**
 * The rules that go by a name: one by its id, or all that bear the alias.
 * @throws DlintError E_USAGE when there is none; `where` says where the name was given; `others` are names, too, that
 * may have been meant
 */
export function rulesNamed(
  name: string,
  rules: readonly Rule[],
  where: string,
  others: readonly string[] = [],
): readonly Rule[] {
  const wanted = name.toLowerCase();
  const byId = rules.find(({ id }) => id === wanted);
  if (byId) return [byId];
  const byAlias = rules.filter(({ aliases }) => aliases?.some((alias) => alias.toLowerCase() === wanted));
  if (byAlias.length > 0) return byAlias;
  if (isShellCheckCode(name)) {
    throw new DlintError('E_USAGE', `${name} is a code of ShellCheck, not a rule`, {
      where,
      hint: `https://www.shellcheck.net/wiki/${name.toUpperCase()}`,
    });
  }
  const names = rules.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  throw new DlintError('E_USAGE', `there is no rule ${name}`, {
    where,
    hint: didYouMean(name, [...names, ...others]) ?? 'dlint rules lists them',
  });
}

/** `SC2086` and the like, which are no rules of ours. */
export function isShellCheckCode(name: string): boolean {
  return /^SC\d{4}$/i.test(name);
}

/** Ids of the rules, and codes of ShellCheck, that values of `--select` or `--ignore` name, comma separated. */
export function namedRules(
  values: readonly string[],
  rules: readonly Rule[],
  flag: string,
): { readonly ids: ReadonlySet<string>; readonly codes: ReadonlySet<string> } {
  const names = values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const own = names.filter((name) => !isShellCheckCode(name));
  return {
    ids: new Set(own.flatMap((name) => rulesNamed(name, rules, `${flag} ${values.join(',')}`).map(({ id }) => id))),
    codes: new Set(names.filter(isShellCheckCode).map((name) => name.toUpperCase())),
  };
}
