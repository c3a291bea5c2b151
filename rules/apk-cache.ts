import {
  addWord,
  apk,
  type Command,
  cleansUp,
  defineRule,
  type Edit,
  flagOption,
  type Invocation,
  isMounted,
  isRemovedAfter,
  option,
  remove,
  replace,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'apk-cache',
  aliases: ['DL3019'],
  category: 'size',
  mentions: ['apk'],
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'apk leaves its package index in the layer',
  why: 'Without --no-cache apk keeps the package index it downloads under /var/cache/apk, two to three megabytes that nothing in the finished image reads again. With it, apk needs no `apk update` before, and always sees the newest index.',
  options: {
    everyStage: flagOption(false, 'Also in stages whose layers are in no image, such as those that only build.'),
  },
  presetOptions: { hadolint: { everyStage: true } },
  examples: [
    {
      bad: 'FROM alpine:3.22\nRUN «apk add» curl\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN apk update && \\\n    «apk add» curl && sudo «/sbin/apk -q add» git\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl && sudo /sbin/apk -q add --no-cache git\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN «apk --update add» curl && «apk add» -U git && «apk add» -Uq jq\n',
      good: 'FROM alpine:3.22\nRUN apk --no-cache add curl && apk add --no-cache git && apk add --no-cache -Uq jq\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN apk update; «apk add» curl\n',
      note: 'No fix: the update would still leave the index.',
    },
    { bad: 'FROM alpine:3.22\nRUN apk update && apk upgrade && «apk add» curl\n' },
    { bad: 'FROM alpine:3.22\nRUN apk update -q || echo no && «apk add» curl\n' },
    { bad: 'FROM alpine:3.22\nRUN «apk add» --no-network /tmp/a.apk\n' },
    {
      bad: 'FROM alpine:3.22\nRUN «apk update» && apk add --no-cache curl\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
    },
    { bad: 'FROM alpine:3.22\nRUN «apk update» && apk search curl && apk add --no-cache curl\n' },
    {
      bad: 'FROM alpine:3.22\nRUN [«"apk", "add"», "curl"]\n',
      good: 'FROM alpine:3.22\nRUN ["apk", "add", "--no-cache", "curl"]\n',
    },
    {
      bad: 'FROM alpine:3.22\nRUN [«"apk", "--update", "add"», "curl"]\nRUN [«"apk", "add"», "-U", "curl"]\n',
      good: 'FROM alpine:3.22\nRUN ["apk", "--no-cache", "add", "curl"]\nRUN ["apk", "add", "--no-cache", "curl"]\n',
    },
    { bad: 'FROM alpine:3.22\nRUN yes | «apk update» && apk add --no-cache curl\n' },
    { bad: 'FROM alpine:3.22\nRUN ! «apk update» && apk add --no-cache curl\n' },
    { bad: 'FROM alpine:3.22\nRUN «apk update» && ! apk add --no-cache curl\n' },
    { bad: 'FROM alpine:3.22\nRUN («apk update») && apk add --no-cache curl\n' },
    {
      bad: 'FROM alpine:3.22\nRUN «apk add» curl && apk cache list\n',
      good: 'FROM alpine:3.22\nRUN apk add --no-cache curl && apk cache list\n',
    },
    {
      bad: 'FROM alpine:3 AS build\nRUN «apk add» a\nFROM scratch\nCOPY --from=build /a /a\n',
      good: 'FROM alpine:3 AS build\nRUN apk add --no-cache a\nFROM scratch\nCOPY --from=build /a /a\n',
      options: { everyStage: true },
    },
    {
      good: 'FROM alpine:3 AS build\nRUN ["apk", "add", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      note: 'No image has this layer.',
    },
    { good: 'FROM alpine:3.22\nRUN apk add --no-cache a && apk --no-cache add b\n' },
    { good: 'FROM alpine:3.22\nRUN apk update --no-cache && apk add --no-cache a\n', note: 'It keeps nothing.' },
    { good: 'FROM alpine:3.22\nRUN apk update && apk add a && rm -rf /var/cache/apk/*\n' },
    { good: 'FROM alpine:3.22\nRUN apk add -U a && rm /var/cache/apk/* && apk cache list\n' },
    { good: 'FROM alpine:3.22\nRUN apk add -U a && apk cache purge\n' },
    { good: 'FROM alpine:3.22\nRUN apk add --root /rootfs --initdb a && rm -r /rootfs/var/cache/apk\n' },
    { good: 'FROM alpine:3.22\nRUN --mount=type=cache,target=/var/cache/apk apk update && apk add a\n' },
    { good: 'FROM alpine:3.22\nRUN --mount=type=cache,target=/etc/apk/cache apk add a\n' },
    {
      good: 'FROM alpine:3.22\nRUN apk update\nRUN apk del a && echo apk add b\n',
      note: 'An update alone is `update-alone`.',
    },
  ],
  deviations: [
    {
      code: 'DL3019',
      what: 'silent when the same RUN removes /var/cache/apk',
      why: 'the index is not in the layer then',
    },
    { code: 'DL3019', what: 'silent for a cache or tmpfs mount on /etc/apk/cache', why: 'the index goes there then' },
    {
      code: 'DL3019',
      what: 'speaks of `apk update` in front of `apk add --no-cache`',
      why: 'it leaves the index, and the second does not read it',
    },
  ],
  *check({ steps, dockerfile }, { everyStage }) {
    for (const step of steps) {
      if (!everyStage && !step.stage.isShipped) continue;
      if (step.instruction.keyword !== 'RUN' || isMounted(step, '/etc/apk/cache')) continue;
      const calls = step.commands.flatMap((command) => apk(command) ?? []);
      const adds = calls.filter(({ subcommand }) => subcommand === 'add');
      const cached = adds.filter((add) => !isKeptOut(add, step));
      const edits = fix(calls, step, dockerfile.source.text);
      for (const { head } of cached) {
        yield {
          at: head,
          message: 'the package index that apk downloads stays in the layer',
          help: 'add --no-cache; or mount a cache: RUN --mount=type=cache,target=/etc/apk/cache …',
          ...(edits ? { fix: { title: 'Add --no-cache', edits } } : {}),
        };
      }
      if (cached.length > 0 || adds.length === 0) continue;
      for (const update of calls) {
        if (update.subcommand !== 'update' || isKeptOut(update, step)) continue;
        yield {
          at: update.head,
          message: 'the package index that this downloads stays in the layer, and --no-cache does not read it',
          help: 'leave it out, and give --no-cache to every apk',
          ...(edits ? { fix: { title: 'Remove apk update', edits } } : {}),
        };
      }
    }
  },
});

function isKeptOut(call: Invocation, step: Step): boolean {
  const { command } = call;
  if (option(call, '--no-cache')) return true;
  const folder = `${option(call, '-p', '--root')?.value ?? ''}/var/cache/apk`;
  if (isMounted(step, folder) || isRemovedAfter(step, command, folder)) return true;
  return cleansUp(step, command, (later) => {
    const cache = apk(later);
    return cache?.subcommand === 'cache' && cache.operands[0]?.text === 'purge';
  });
}

/** All at once: without the index of `apk update`, an `apk add` that has no --no-cache finds nothing. */
function fix(calls: readonly Invocation[], step: Step, text: string): Edit[] | undefined {
  const edits: Edit[] = [];
  const isIndexNeeded = calls.some(needsIndex);
  for (const call of calls) {
    const { subcommand, command } = call;
    if (subcommand === 'update') {
      const edit = withoutUpdate(command, step, text);
      if (!edit || isIndexNeeded) return undefined;
      edits.push(edit);
    } else if (subcommand === 'add' && !option(call, '--no-cache')) {
      if (option(call, '--no-network')) return undefined;
      edits.push(withNoCache(call));
    }
  }
  return edits.length === 0 ? undefined : edits;
}

function needsIndex(call: Invocation): boolean {
  return /^(upgrade|search|info|policy|list|fetch|version)$/.test(call.subcommand) && !option(call, '--no-cache');
}

function withNoCache(add: Invocation): Edit {
  const update = option(add, '-U', '--update', '--update-cache');
  if (update?.word.text !== update?.name || !update) return addWord(add, '--no-cache');
  return replace(update.word, add.command.exec ? '"--no-cache"' : '--no-cache');
}

/** Takes out `apk update &&`. */
function withoutUpdate(command: Command, { commands }: Step, text: string): Edit | undefined {
  const next = commands[commands.indexOf(command) + 1];
  if (next?.before !== '&&' || next.chain !== command.chain || next.nesting.length !== command.nesting.length)
    return undefined;
  if (command.pipeline.length > 1 || command.pipeline.negated || next.pipeline.negated) return undefined;
  const between = text.slice(command.span.end, next.span.start);
  return /^[\s\\`&]*$/.test(between) ? remove({ start: command.span.start, end: next.span.start }) : undefined;
}
