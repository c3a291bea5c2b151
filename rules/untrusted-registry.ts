import { defineRule, type ImageReference, type ImageUse, parseReference, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'untrusted-registry',
  aliases: ['DL3026'],
  category: 'security',
  severity: 'error',
  presets: { hadolint: 'error' },
  summary: 'an image from a registry or repository that is not on the list of allowed ones',
  why: 'Whoever can push to the repository of a base image can run programs in every build and every container that uses it. Many teams therefore allow certain registries only, or certain repositories of them. The rule is silent until it is given a list.',
  options: {
    allowed: stringsOption(
      [],
      'Registries (`docker.io`, `*.example.com`) or repositories with everything below them (`gcr.io/distroless`, `docker.io/library/*`). `*` stands for any characters but a slash.',
    ),
  },
  examples: [
    {
      bad: 'FROM «evil.example/team/app:1»\n',
      good: 'FROM ok.example/team/app:1\n',
      options: { allowed: ['ok.example'] },
    },
    { bad: 'FROM «debian:13»\n', options: { allowed: ['ok.example', 'docker.io/team/*'] } },
    { good: 'FROM debian:13\n', options: { allowed: ['hub.docker.com'] }, note: 'As hadolint calls Docker Hub.' },
    { good: 'FROM debian:13 AS a\nFROM team/app:1\n', options: { allowed: ['docker.io/library', 'docker.io/team/*'] } },
    { good: 'FROM a.ok.example/x:1\n', options: { allowed: ['*.ok.example'] } },
    { good: 'FROM a.example:5000/x:1\n', options: { allowed: ['*'] } },
    { good: 'FROM debian:13\n', options: { allowed: ['index.docker.io'] } },
    { bad: 'FROM «debian:13»\n', options: { allowed: ['docker.io/library/debian/*'] } },
    { bad: 'FROM «evil.ok.example/x:1»\n', options: { allowed: ['ok.*', 'e*.ok.example.*', 'evil.ok*k.example'] } },
    { bad: 'FROM «evil.example/x:1»\n', good: 'FROM a.b.example/x:1\n', options: { allowed: ['a*b*e', 'e*b*e'] } },
    { bad: 'FROM «evil.example/ok.example/x:1»\n', options: { allowed: ['*ok.example'] } },
    {
      bad: 'FROM «gcr.io/distroless-fake/base:1»\n',
      good: 'FROM gcr.io/distroless/base:1\n',
      options: { allowed: ['gcr.io/distroless'] },
    },
    {
      bad: 'FROM ok.example/a:1\nCOPY --from=«evil.example/b:1» /b /b\nRUN --mount=from=«evil.example/c:1»,target=/c c\n',
      options: { allowed: ['ok.example'] },
    },
    { bad: 'ARG REGISTRY=evil.example\nFROM «$REGISTRY/a:1»\n', options: { allowed: ['ok.example'] } },
    { bad: 'ARG TAG\nFROM «evil.example/a:${TAG}»\n', options: { allowed: ['ok.example'] } },
    { bad: 'ARG TAG\nFROM «debian:${TAG}»\n', options: { allowed: ['ok.example'] } },
    { good: 'ARG IMAGE\nFROM $IMAGE\nFROM ok.example/$IMAGE:1\n', options: { allowed: ['ok.example'] } },
    {
      good: 'FROM ok.example/a:1 AS a\nFROM a\nCOPY --from=a /a /a\nCOPY --from=0 /a /a\nFROM scratch\n',
      options: { allowed: ['ok.example'] },
    },
    { good: 'FROM evil.example/team/app:1\n' },
  ],
  deviations: [
    { code: 'DL3026', what: 'allows single repositories', why: 'a host such as gcr.io is everybody’s' },
    { code: 'DL3026', what: 'silent for COPY --from=0', why: 'that is a stage, not an image' },
  ],
  *check({ images }, { allowed }) {
    if (allowed.length === 0) return;
    for (const use of images) {
      const image = referenceOf(use);
      if (!image || allowed.some((entry) => allows(entry, image))) continue;
      yield {
        at: use.span,
        message: `${image.registry}/${image.repository} is not allowed here`,
        help: `allowed: ${allowed.slice(0, 10).join(', ')}${allowed.length > 10 ? ', …' : ''}`,
      };
    }
  },
});

/** The image, or what is known of it when only its tag depends on the build. */
function referenceOf({ target, text }: ImageUse): ImageReference | undefined {
  if (target.kind === 'image') return target.image;
  const variable = text.indexOf('$');
  const slash = text.lastIndexOf('/', variable);
  const end = text.slice(slash + 1, variable).search(/[:@]/);
  return end < 0 ? undefined : parseReference(text.slice(0, slash + 1 + end));
}

function allows(entry: string, { registry, repository }: ImageReference): boolean {
  const [host = '', ...path] = entry.replace(/\/+$/, '').split('/');
  const name = host === 'hub.docker.com' || host === 'index.docker.io' ? 'docker.io' : host;
  const parts = repository.split('/');
  return (
    matches(name, registry) && path.length <= parts.length && path.every((part, i) => matches(part, parts[i] ?? ''))
  );
}

/** `*` stands for any characters. The texts between stars are looked for from left to right: no backtracking. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const lower = text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return lower === first;
  if (!lower.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = lower.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return lower.length - last.length >= at && lower.endsWith(last);
}
