import { DlintError } from './errors.ts';

/**
 * Values of `--build-arg NAME=VALUE`, by name.
 * @throws DlintError E_USAGE
 */
export function readBuildArgs(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map((value) => {
      const equals = value.indexOf('=');
      if (equals > 0) return [value.slice(0, equals), value.slice(equals + 1)];
      throw new DlintError('E_USAGE', `${value} gives no value`, {
        where: `--build-arg ${value}`,
        hint: '--build-arg NAME=VALUE',
      });
    }),
  );
}
