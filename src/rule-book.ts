/** The commands that read the rules as documentation: one file when bundled, with all that `lint` does without. */
export { explain } from './commands/explain.ts';
export { rules } from './commands/rules.ts';
