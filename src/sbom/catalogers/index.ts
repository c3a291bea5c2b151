// Written by scripts/catalogers.ts.
import type { Cataloger } from '../package.ts';
import apk from './apk.ts';
import dpkg from './dpkg.ts';
import npm from './npm.ts';
import python from './python.ts';
import rpm from './rpm.ts';

/** Every cataloger that ships, in the order of their names. */
export const CATALOGERS: readonly Cataloger[] = [apk, dpkg, npm, python, rpm];
