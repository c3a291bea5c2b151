import { defineRule, expandWord, parseReference, type SemanticModel } from '../src/lint/rule.ts';

export default defineRule({
  id: 'invalid-default-arg',
  aliases: ['InvalidDefaultArgInFrom'],
  category: 'correctness',
  severity: 'off',
  presets: { strict: 'info', buildkit: 'warning' },
  summary: 'FROM names no image unless the build is given an argument',
  why: 'With the defaults of its ARGs the reference is empty or broken. A plain `docker build .` stops with "failed to parse stage name", which says nothing about the argument that is missing; and tools that read the file cannot tell what it is based on.',
  examples: [
    { bad: 'ARG TAG\nFROM «busybox:${TAG}»\n', good: 'ARG TAG=1.37\nFROM busybox:${TAG}\n' },
    { bad: 'ARG IMAGE\nARG OTHER=\nFROM «$IMAGE»\nFROM alpine:3$OTHER\nFROM «$OTHER»\n' },
    { bad: 'ARG REGISTRY\nFROM «$REGISTRY/app:1»\n', good: 'ARG REGISTRY=ghcr.io\nFROM $REGISTRY/app:1\n' },
    { bad: 'ARG A\nARG B=app:$A\nFROM «$B»\n' },
    {
      good: 'ARG TAG\nFROM busybox:1.36${TAG}\nFROM busybox:${TAG:-1.37}\n',
      note: 'It holds without the argument, too.',
    },
    { good: 'ARG V=3\nFROM alpine:$V AS a\nARG X\nFROM a\n' },
    { good: 'FROM build-$TARGETARCH\n', note: 'The builder sets it.' },
    { good: 'FROM busybox:$TAG\n', note: 'This is `undefined-arg-in-from`.' },

    { good: 'ARG X\nFROM alpine:3\nARG X\nCOPY --from=$X /a /a\n', note: 'FROM alone has to do with defaults.' },
    { good: 'FROM Debian\n', note: 'This is `invalid-image`.' },
    { good: 'ARG X\nFROM alpine:${X\n', note: 'This is `syntax-error`.' },
    { good: 'ARG A=3\nFROM alpine:$A\nCOPY --from=x$B /a /a\nFROM $NOPE\nFROM alpine:\n' },
    { bad: 'ARG A=":x"\nARG B=$A\nFROM «$B»\n' },
    { good: 'ARG A\nARG B=a${A}\nFROM $B:3\n' },
    { good: 'ARG A\nFROM ${A:?no}\n' },
    { good: 'ARG A=3\nFROM alpine:$A$NOPE\n' },
  ],
  deviations: [
    {
      code: 'InvalidDefaultArgInFrom',
      what: 'silent for arguments that the build gives',
      why: 'what was given is what FROM sees',
    },
  ],
  *check(model) {
    const values = defaults(model);
    for (const { use, target, span, text } of model.images) {
      if (use !== 'from' || !text.includes('$') || (target.kind !== 'unknown' && target.kind !== 'invalid')) continue;
      const raw = model.dockerfile.source.text.slice(span.start, span.end);
      const { text: filled, matched, unmatched, error } = expandWord(raw, values);
      if (error || unmatched.some((name) => !values.has(name)) || parseReference(filled)) continue;
      const empty = matched.filter((name) => values.get(name) === '');
      yield {
        at: span,
        message: `without a build argument this is ${filled === '' ? 'empty' : `${filled}, which is no image`}`,
        help: `give ${empty.length > 0 ? empty.join(', ') : 'the ARG'} a default`,
      };
    }
  },
});

/** What the global ARGs hold; empty when they have no default. What the builder sets is not among them. */
function defaults({ globalArgs }: SemanticModel): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of globalArgs.names()) {
    const variable = globalArgs.get(name);
    if (variable?.kind !== 'arg') continue;
    const raw = variable.value === undefined ? variable.pair?.value?.raw : undefined;
    values.set(name, variable.value ?? (raw === undefined ? '' : expandWord(raw, values).text));
  }
  return values;
}
