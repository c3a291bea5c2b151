/**
 * Tells one build of this program from the next: what a build found out is not taken for what another would find. Put in
 * by `scripts/build.js`; absent where the sources run.
 */
export const build: string | undefined = process.env.DLINT_BUILD;
