/** The browser for terminals, as one piece that is loaded when it is asked for. */
export { browse } from './browse.ts';
export { readStart } from './start.ts';
