import { isExecutable } from './formats/executable.ts';
import type { Cataloger } from './package.ts';

/** Programs and libraries, by the mode that tar states or by their name. A smaller file has no sections. */
export const wantsExecutable: Pick<NonNullable<Cataloger['reader']>, 'wants' | 'accepts'> = {
  wants: ({ path, size, mode }) => size > 1024 && ((mode & 0o111) !== 0 || /\.(?:so(?:\.[\d.]+)?|exe|dll)$/.test(path)),
  accepts: isExecutable,
};
