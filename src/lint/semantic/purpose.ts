import type { Stage } from './model.ts';

const developmentName = /(^|[-_.])(dev|devel|develop|development|test|tests|testing|debug|ci)([-_.]|$)/;
const developmentMode = /^(dev|devel|development|test|testing|local)$/;

/** Whether a stage is for developing or testing, by its name, its environment, or what it starts. */
export function isForDevelopment(stage: Stage): boolean {
  const { name = '', env } = stage;
  const isMode = ['NODE_ENV', 'APP_ENV', 'RAILS_ENV'].some((key) => developmentMode.test(env.get(key)?.value ?? ''));
  return isMode || developmentName.test(name) || startsDevelopment(stage);
}

/** `npm run dev`, `yarn test`, `nodemon app.js`. */
function startsDevelopment(stage: Stage): boolean {
  const words = ['ENTRYPOINT', 'CMD'] as const;
  return words
    .flatMap((keyword) => stage.start[keyword]?.commands ?? [])
    .flatMap(({ words: [, ...rest], name }) => [name, ...rest.map(({ text }) => text)])
    .some((text) => /^((start|serve|run):)?(dev|develop|development|test|watch)(:|$)|^nodemon$/.test(text));
}
