import { defineRule, findSecrets, isMadeUp, isOpenValue, isSecretName } from '../src/lint/rule.ts';

export default defineRule({
  id: 'secret-build-arg',
  category: 'security',
  severity: 'warning',
  summary: 'a compose or bake file gives a secret as a build argument',
  why: 'Values of build arguments are written into the history of the image and into its provenance: whoever can pull the image can read them with `docker history --no-trunc`. A secret of the build is mounted for one RUN and leaves no trace.',
  examples: [
    {
      bad: 'FROM node:22\nARG NPM_TOKEN\nRUN npm ci\n',
      build: '«NPM_TOKEN»: Zq7vB2xK9\n',
      good: 'FROM node:22\nRUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci\n',
      fixed: false,
    },
    {
      bad: 'FROM node:22\nARG NPM_TOKEN\nRUN npm ci\n',
      build: '«NPM_TOKEN»\n',
      note: 'It comes from the environment, and is in the image all the same.',
    },
    {
      bad: 'FROM node:22\nARG URL\n',
      build: '«URL»: https://ghp_Zq7vB2xK9mN4pL8sT1wY6uR3cE5dF0aG2hJk@github.com/a/b\n',
    },
    { good: 'FROM node:22\nARG TOKEN\nARG PASSWORD\n', build: 'TOKEN: false\nPASSWORD:\n' },
    { good: 'FROM node:22\nARG TOKEN_URL\nARG VERSION\n', build: 'TOKEN_URL: https://a.example\nVERSION: 1\n' },
    { good: 'FROM node:22\nARG NPM_TOKEN\n', build: 'target: 0\n' },
    { good: 'FROM node:22\nUSER a\n', build: 'NPM_TOKEN: Zq7vB2xK9\n', note: 'This is `unused-build-arg`.' },
  ],
  *check({ build, preamble, steps }) {
    if (!build || build.args.length === 0) return;
    const instructions = [...preamble, ...steps.map(({ instruction }) => instruction)];
    const declared = new Set(
      instructions.flatMap((each) => (each.keyword === 'ARG' ? each.pairs.map(({ key }) => key.text) : [])),
    );
    for (const { name, value, source, span } of build.args) {
      // The builder passes over what is not declared.
      if (!declared.has(name) || !isSecret(name, value)) continue;
      yield {
        at: span,
        source,
        message: `the value of ${name} can be read in the history or provenance of the image`,
        help: `give it as a secret of the build, and mount it: RUN --mount=type=secret,id=${name},env=${name} …`,
      };
    }
  },
});

function isSecret(name: string, value: string | undefined): boolean {
  if (value === undefined) return isSecretName(name);
  if (findSecrets(value).length > 0) return true;
  return isSecretName(name) && !isOpenValue(value) && !isMadeUp(value);
}
