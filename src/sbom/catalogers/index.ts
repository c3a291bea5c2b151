// Written by scripts/catalogers.ts.
import type { Cataloger } from '../package.ts';
import alpm from './alpm.ts';
import apk from './apk.ts';
import conda from './conda.ts';
import dpkg from './dpkg.ts';
import npm from './npm.ts';
import opkg from './opkg.ts';
import portage from './portage.ts';
import python from './python.ts';
import rpm from './rpm.ts';

/** Every cataloger that ships, in the order of their names. */
export const CATALOGERS: readonly Cataloger[] = [alpm, apk, conda, dpkg, npm, opkg, portage, python, rpm];
