import { DlintError } from './errors.ts';
import type { Rule } from './lint/rule.ts';
import { didYouMean } from './suggest.ts';

/**
 * The rules that go by a name: one by its id, or all that bear the alias.
 * @throws DlintError E_USAGE when there is none; `where` says where the name was given
 */
export function rulesNamed(name: string, rules: readonly Rule[], where: string): readonly Rule[] {
  const wanted = name.toLowerCase();
  const byId = rules.find(({ id }) => id === wanted);
  if (byId) return [byId];
  const byAlias = rules.filter(({ aliases }) => aliases?.some((alias) => alias.toLowerCase() === wanted));
  if (byAlias.length > 0) return byAlias;
  const names = rules.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  throw new DlintError('E_USAGE', `there is no rule ${name}`, {
    where,
    hint: didYouMean(name, names) ?? 'dlint rules lists them',
  });
}

/** Ids of the rules that values of `--select` or `--ignore` name: ids and aliases, comma separated. */
export function ruleIds(values: readonly string[], rules: readonly Rule[], flag: string): ReadonlySet<string> {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  return new Set(
    names
      .filter((name) => name !== '')
      .flatMap((name) => rulesNamed(name, rules, `${flag} ${values.join(',')}`).map(({ id }) => id)),
  );
}
