import { defineRule, type ImageUse, quoted, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'invalid-image',
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'FROM with something that cannot be an image',
  why: 'Names of images have lower-case letters, digits, and single separators; a tag has letters, digits, `.`, `-` and `_`. Builders refuse anything else before they look for the image.',
  examples: [
    { bad: 'FROM «Debian:13»\n', good: 'FROM debian:13\n' },
    { bad: 'FROM «alpine:»\nFROM «-a»\nFROM «alpine:3:4»\nFROM «alpine@sha256:12» AS a\n' },
    { bad: 'FROM «ghcr.io/Team/App:V1»\n', good: 'FROM ghcr.io/team/app:V1\n' },
    { good: 'FROM alpine:3 AS Build\nFROM Build\nFROM a__b/c-d.e:X_y-1\nFROM localhost:5000/a\n' },
    { good: 'ARG V=\nFROM alpine:$V\nFROM $X\n', note: 'These are `invalid-default-arg` and `undefined-arg-in-from`.' },
    {
      good: 'FROM {{ image }}\nFROM %%BASE%%\nFROM REPLACE-ME\n',
      note: 'A template, which is filled in before the build.',
      exact: true,
    },
    { good: 'FROM alpine:3\nCOPY --from=A//b /a /a\n', note: 'This is `unknown-copy-source`.' },
  ],
  *check({ images }) {
    for (const use of images) {
      if (
        use.use !== 'from' ||
        use.target.kind !== 'invalid' ||
        /\$|\{\{|%%|<%|@@|__[A-Z]|REPLACE|PLACEHOLDER|CHANGE_?ME/.test(use.text)
      )
        continue;
      const lower = lowerName(use);
      const fix = lower !== undefined && { title: `Write ${lower}`, safe: false, edits: [replace(use.span, lower)] };
      yield {
        at: use.span,
        message: `${quoted(use.text)} cannot be an image${lower === undefined ? '' : ': its name has upper-case letters'}`,
        help: lower === undefined ? 'write it as in registry.example/team/app:1.2' : `write ${lower}`,
        ...(fix ? { fix } : {}),
      };
    }
  },
});

/** The reference with its name in lower case, and its tag as it is. */
function lowerName({ text }: ImageUse): string | undefined {
  const match = /^([\w./-]*[A-Z][\w./-]*)(:\w[\w.-]{0,127})?$/.exec(text);
  return match ? (match[1] ?? '').toLowerCase() + (match[2] ?? '') : undefined;
}
