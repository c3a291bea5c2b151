import { closest, defineRule, platformArgs, predefinedArgs, type SemanticModel } from '../src/lint/rule.ts';

export default defineRule({
  id: 'unused-build-arg',
  category: 'correctness',
  severity: 'warning',
  summary: 'a compose or bake file gives a build argument that the Dockerfile does not declare',
  why: 'The builder prints one line that it was not consumed, and goes on: the version or address that was meant to be set stays what it is in the Dockerfile.',
  examples: [
    {
      bad: 'ARG NODE_VERSION=22\nFROM node:$NODE_VERSION\n',
      build: '«NODE_VERSIO»: 24\n',
      good: 'ARG NODE_VERSIO=22\nFROM node:$NODE_VERSIO\n',
      fixed: false,
    },
    { bad: 'FROM node:22\nENV A=1\n', build: 'target: 0\n«A»: 2\n«B»\n' },
    { good: 'FROM node:22 AS a\nARG A\nFROM node:22\nONBUILD ARG B\n', build: 'A: 1\nB\n' },
    {
      good: 'FROM node:22\n',
      build: 'HTTP_PROXY: http://proxy:3128\nno_proxy: localhost\nBUILDKIT_INLINE_CACHE: 1\nSOURCE_DATE_EPOCH: 0\n',
      note: 'The builder itself reads these.',
    },
    { good: 'FROM node:22\n' },
  ],
  *check(model) {
    const { build, stages } = model;
    if (!build || build.args.length === 0 || stages.length === 0) return;
    const declared = declaredArgs(model);
    for (const { name, source, span, isShared } of build.args) {
      if (declared.has(name) || isForBuilder(name) || isShared) continue;
      const meant = closest(name, [...declared]);
      yield {
        at: span,
        source,
        message: `the Dockerfile has no ARG ${name}`,
        help: meant === undefined ? 'declare it there, or leave it out here' : `did you mean ${meant}?`,
      };
    }
  },
});

function declaredArgs({ preamble, steps }: SemanticModel): ReadonlySet<string> {
  const instructions = [...preamble, ...steps.map(({ instruction }) => instruction)];
  return new Set(instructions.flatMap((each) => (each.keyword === 'ARG' ? each.pairs.map(({ key }) => key.text) : [])));
}

/** Read by the builder itself (Dockerfile reference, "Predefined ARGs" and "BuildKit built-in build args"). */
const builderArgs = new Set([...platformArgs, ...predefinedArgs, 'SOURCE_DATE_EPOCH']);

function isForBuilder(name: string): boolean {
  return builderArgs.has(name) || /^BUILDKIT_|^BUILDX_/.test(name);
}
