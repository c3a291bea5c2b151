/** The commands that need the rules and lint nothing: one file when bundled, with all that `lint` does without. */
export { completion } from './commands/completion.ts';
export { config } from './commands/config.ts';
export { explain } from './commands/explain.ts';
export { init } from './commands/init.ts';
export { rules } from './commands/rules.ts';
