import { closest, defineRule, type Mount, type MountField, type Problem, quoted, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'invalid-mount',
  category: 'correctness',
  mentions: ['--mount'],
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'RUN --mount with a type, key or value that there is not',
  why: 'BuildKit stops at a mount that it does not understand. One without a target lies over the working directory instead, and hides what is there.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN --mount=type=«chache»,target=/a make\nRUN --mount=type=cache,«tagret»=/a,target=/b make\n',
      good: 'FROM debian:13\nRUN --mount=type=cache,target=/a make\nRUN --mount=type=cache,target=/a,target=/b make\n',
    },
    {
      bad: 'FROM debian:13\nRUN --mount=type=«volume»,target=/a «--mount=type=cache» make\n',
      good: 'FROM debian:13\nRUN --mount=type=cache,target=/a make\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nRUN --mount=type=cache,target=/a,sharing=«lock» make\n',
      good: 'FROM debian:13\nRUN --mount=type=cache,target=/a,sharing=locked make\n',
    },
    {
      bad: 'FROM debian:13\nRUN --mount=type=bind,target=/a,«sharing»=locked --mount=type=tmpfs,target=/b,«uid»=1 make\nRUN --mount=type=cache,target=/c,«size»=1g --mount=target=«/» make\n',
    },
    {
      bad: 'FROM debian:13\nRUN --mount=type=cache,target=/a,mode=«rwx» --mount=type=cache,target=/b,uid=«app» --mount=type=cache,«/c» make\nRUN --mount=type=cache,target=/a,ro=«no» --mount=type=cache,target=/b,«required» make\n',
    },
    {
      bad: 'FROM debian:13\nRUN «--mount=type=secret» --mount=type=secret,id=a,«from»=b --mount=type=secret,id=a,«sharing»=shared make\nRUN «--mount=type=tmpfs,size=1g» make\n',
    },
    {
      good: 'FROM debian:13\nRUN --mount=type=bind,src=a,dst=/a,rw --mount=type=CACHE,id=b,destination=/b,sharing=private,mode=0755,uid=1,gid=1,ro=false,from=c,source=/d make\nRUN --mount=type=tmpfs,target=/a,size=1g --mount=type=secret,id=a,env=A,required --mount=type=secret,src=a,target=/a,mode=0400,required=true --mount=type=ssh,required make\n',
    },
    { good: 'FROM debian:13\nARG T\nRUN --mount=type=$T,target=$T,uid=$T,mode=${T},ro=$T,sharing=$T make\n' },
    { good: 'FROM debian:13\nRUN --mount make\nRUN --mount=type=ssh,id=a make\n', exact: true },
    { good: 'FROM debian:13\nRUN --mount=type=bind,target=/a,Z make\n', note: 'Buildah relabels a mount so.' },
  ],
  *check({ steps }) {
    for (const { mounts } of steps) for (const mount of mounts) yield* problemsOf(mount);
  },
});

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];

/** The keys of the Dockerfile reference, and the types that they are for; absent: all. */
const keys: Readonly<Record<string, readonly string[] | undefined>> = {
  ...{ type: undefined, target: undefined, dst: undefined, destination: undefined },
  ...{ source: undefined, src: undefined, id: undefined, env: undefined, from: ['bind', 'cache', 'tmpfs', 'ssh'] },
  ...{ readonly: undefined, ro: undefined, readwrite: undefined, rw: undefined },
  ...{ mode: ['cache', 'secret', 'ssh'], uid: ['cache', 'secret', 'ssh'], gid: ['cache', 'secret', 'ssh'] },
  ...{ sharing: ['cache'], size: ['tmpfs'], required: ['secret', 'ssh'] },
};

const switches = new Set(['readonly', 'ro', 'readwrite', 'rw', 'required']);

/** What Buildah knows besides: buildah-run(1), --mount. */
const ofBuildah = new Set(['z', 'u', 'relabel', 'bind-propagation', 'tmpfs-size', 'tmpfs-mode', 'notmpcopyup']);

function* problemsOf(mount: Mount): Generator<Problem> {
  const type = mount.type.toLowerCase();
  const typeField = mount.fields.findLast(({ key }) => key === 'type');
  if (typeField && !types.includes(type)) {
    if (!type.includes('$')) yield wrongWord(typeField.valueSpan, mount.type, types, 'there is no mount of type');
    return;
  }
  for (const field of mount.fields) {
    const problem = fieldProblem(field, type);
    if (problem) yield problem;
  }
  if (!hasPlace(mount, type)) {
    const message =
      type === 'secret' ? 'this secret has no id' : 'this mount has no target, so it hides the working directory';
    yield { at: mount.span, message, help: type === 'secret' ? 'add id=NAME' : 'add target=/path' };
  }
}

/** A mount without a word that could be meant as its target. */
function hasPlace({ fields, target, source, id }: Mount, type: string): boolean {
  // Without any field it is a flag without a value: `syntax-error`.
  if (type === 'ssh' || target !== undefined || fields.length === 0) return true;
  if (type === 'secret') return source !== undefined || id !== undefined;
  return fields.some(({ key, value }) => !Object.hasOwn(keys, key) && (value === undefined || value.startsWith('/')));
}

function fieldProblem({ key, value, span, valueSpan }: MountField, type: string): Problem | undefined {
  const at = value === undefined ? span : { start: span.start, end: valueSpan.start - 1 };
  if (!Object.hasOwn(keys, key)) {
    return ofBuildah.has(key) || key.includes('$')
      ? undefined
      : wrongWord(at, key, Object.keys(keys), 'a mount has no');
  }
  if (keys[key]?.includes(type) === false)
    return {
      at,
      message: `a ${type} mount takes no ${key}`,
      help: `remove it: ${key} is for ${keys[key]?.join(', ')}`,
    };
  if (value === undefined)
    return switches.has(key) ? undefined : { at: span, message: `${key} lacks its value`, help: `write ${key}=…` };
  return value.includes('$') ? undefined : valueProblem(key, value, valueSpan);
}

function valueProblem(key: string, value: string, at: MountField['valueSpan']): Problem | undefined {
  if (key === 'sharing' && !sharings.includes(value)) return wrongWord(at, value, sharings, 'a cache has no sharing');
  if (key === 'mode' && !/^[0-7]+$/.test(value))
    return { at, message: `mode is an octal number, not ${quoted(value)}`, help: 'write it as in mode=0755' };
  if ((key === 'uid' || key === 'gid') && !/^\d+$/.test(value))
    return {
      at,
      message: `${key} is a number, not ${quoted(value)}`,
      help: 'names are not looked up: write the number',
    };
  if (switches.has(key) && !/^(?:1|t|true|0|f|false)$/i.test(value))
    return { at, message: `${key} is true or false, not ${quoted(value)}`, help: `write ${key} or leave it out` };
  if (/^(?:target|dst|destination)$/.test(key) && /^\/+$/.test(value))
    return { at, message: 'nothing can be mounted over /', help: 'mount it on a folder' };
  return undefined;
}

const sharings = ['shared', 'private', 'locked'];

function wrongWord(at: MountField['span'], word: string, known: readonly string[], start: string): Problem {
  const meant = known.find((each) => word.length > 2 && each.startsWith(word)) ?? closest(word, known);
  const help = meant ? `did you mean ${meant}?` : `there are ${known.join(', ')}`;
  const fix = meant && { title: `Write ${meant}`, safe: false, edits: [replace(at, meant)] };
  return { at, message: `${start} ${quoted(word)}`, help, ...(fix ? { fix } : {}) };
}
