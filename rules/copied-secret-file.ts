import {
  type BuildContext,
  type CopySource,
  defineRule,
  quoted,
  readDockerIgnore,
  stringsOption,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'copied-secret-file',
  aliases: ['DS-0031'],
  category: 'security',
  severity: 'warning',
  summary: 'a file that holds secrets is copied into the image',
  why: 'Whoever can pull the image can read every file of every layer. Removing the file in a later step only hides it: the layer that has it is still there.',
  options: {
    allowed: stringsOption([], 'Names of files that may be copied all the same, such as `.npmrc`.'),
  },
  examples: [
    {
      bad: 'FROM node:22\nCOPY package.json «.npmrc» ./\nRUN npm ci && rm .npmrc\n',
      good: 'FROM node:22\nCOPY package.json ./\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n',
      fixed: false,
    },
    { bad: 'FROM debian:13\nCOPY --chown=app «keys/id_rsa» «deploy/id_ed25519» /home/app/.ssh/\n' },
    { bad: 'FROM debian:13\nCOPY «.env» «"conf/.env.production"» /app/\nADD «.git» /app/.git\n' },
    { bad: 'FROM debian:13\nCOPY ["server.crt", «"server.key"», "/etc/ssl/"]\nONBUILD COPY «.netrc» /root/\n' },
    {
      bad: 'FROM debian:13\nCOPY «.ssh/» /root/.ssh/\nCOPY «.aws/credentials» /root/.aws/\nCOPY «.docker/config.json» «.kube/config» /root/\n',
    },
    {
      bad: 'FROM debian:13\nCOPY «privkey.pem» «*.p12» «a.pfx» «terraform.tfstate» «.git-credentials» «.htpasswd» /etc/\n',
    },
    { bad: 'FROM debian:13\nARG KEY=id_rsa\nCOPY «$KEY» /root/\n' },
    {
      bad: 'FROM debian:13\nCOPY «.» /app\nCOPY «deploy» /deploy\n',
      context: { files: { '.env': 1, '.env.example': 1, 'deploy/server.key': 1, '.git/HEAD': 1, 'src/a/.env': 1 } },
      note: 'Seen in the build context, where that is known.',
    },
    {
      good: 'FROM debian:13 AS a\nCOPY . /app\nFROM debian:13\nCOPY . /app\nONBUILD COPY . /b\nCOPY s* /s\n',
      context: { files: { '.env': 1, '.npmrc': 1, 'sub/.env': 1 }, ignore: '.env*' },
      options: { allowed: ['.npmrc'] },
    },
    { good: 'FROM debian:13\nCOPY .npmrc .env /app/\n', options: { allowed: ['.npmrc', '.env'] } },
    {
      good: 'FROM debian:13\nCOPY id_rsa.pub authorized_keys known_hosts /root/.ssh/\nCOPY .env.example .env.dist .envrc.sample /app/\n',
    },
    { good: 'FROM debian:13 AS build\nCOPY .npmrc .git /app/\nFROM debian:13\nCOPY --from=build /app/.env /app/\n' },
    {
      good: 'FROM debian:13\nCOPY ca.pem cert.pem fullchain.pem public_key.pem apt.key release.key gpg.key meta.env environment .gitignore .github /etc/\n',
    },
    { good: 'FROM debian:13\nCOPY . /app\nRUN --mount=type=bind,source=.env,target=/.env make\n' },
    {
      good: 'FROM debian:13\nADD https://example.org/id_rsa https://github.com/a/b.git /a/\nCOPY <<.env /c\nEOF\n.env\n',
    },
  ],
  *check({ steps, context }, { allowed }) {
    const ignore = context?.ignoreFile && readDockerIgnore(context.ignoreFile.text);
    for (const { copy, deferred, stage } of steps) {
      if (copy?.from.kind !== 'context' || !stage.isShipped) continue;
      const known = deferred || 'name' in copy.from ? undefined : context;
      for (const source of copy.sources) {
        const own = pathOf(source);
        if (own === undefined) continue;
        for (const path of [own, ...namesIn(own, known)]) {
          const what = allowed.includes(path.slice(path.lastIndexOf('/') + 1)) ? undefined : secretIn(path);
          if (what === undefined || (path !== own && ignore?.ignoredBy(path) !== undefined)) continue;
          yield {
            at: source.word.span,
            message: `${quoted(path)} is ${what}: it can be read by everybody who gets the image`,
            help: 'mount it where it is needed: RUN --mount=type=secret,id=…,target=…; and put it into .dockerignore',
          };
        }
      }
    }
  },
});

function secretIn(path: string): string | undefined {
  return harmless.test(path) ? undefined : kinds.find(({ pattern }) => pattern.test(`/${path}`))?.what;
}

/** So many names of a folder are looked at. */
const maxNames = 1000;

/** What lies directly in a copied folder, where the build context is known; its history is a matter of context-size. */
function namesIn(path: string, context: BuildContext | undefined): readonly string[] {
  const folder = path === '.' || path === '*' ? '' : path;
  if (!context?.list || /[*?[\\]/.test(folder)) return [];
  const names = context.list(folder)?.slice(0, maxNames) ?? [];
  return names.filter((name) => name !== '.git').map((name) => (folder === '' ? name : `${folder}/${name}`));
}

function pathOf({ kind, path, word }: CopySource): string | undefined {
  if (kind !== 'path') return undefined;
  const text = (path ?? word.text).replace(/^\.?\//, '').replace(/\/+$/, '');
  return text.length > 500 ? undefined : text;
}

/** Templates, and what is meant to be public. */
const harmless = /[._-](example|sample|template|tmpl|dist|default|defaults|test|pub)$|^example\./i;

/** Files by the names that their programs give them. */
const kinds: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\/(id_(dsa|ecdsa|ed25519)|.*_rsa|.*\.ppk)$/, what: 'a private key' },
  { pattern: /(?<!pub(lic)?[_-]?)key\.pem$/i, what: 'a private key' },
  {
    pattern: /\/(?!.*(apt|gpg|pgp|pub|release|archive|repo|signing|keyring|deb|rpm)[^/]*$)[^/]+\.key$/i,
    what: 'a private key',
  },
  { pattern: /\/[^/]+\.(p12|pfx|jks|keystore|kdbx)$/i, what: 'a key store' },
  { pattern: /\/\.(ssh|gnupg)(\/\*?)?$/, what: 'a folder of private keys' },
  { pattern: /\/\.env(\.[\w.-]+)?$/, what: 'a file of settings and passwords' },
  {
    pattern: /\/\.(npmrc|netrc|pypirc|pgpass|my\.cnf|git-credentials|htpasswd|dockercfg|vault-token)$/,
    what: 'a file of passwords and tokens',
  },
  {
    pattern:
      /\/(\.aws(\/credentials)?|\.docker(\/config\.json)?|\.kube(\/config)?|kubeconfig|\.azure|\.config\/gcloud)$/,
    what: 'a file of passwords and tokens',
  },
  {
    pattern: /\/([^/]*service[_-]?account[^/]*\.json|credentials\.json|gcloud[^/]*key[^/]*\.json)$/i,
    what: 'a file of passwords and tokens',
  },
  { pattern: /\/[^/]*\.tfstate$/, what: 'the state of Terraform, with its passwords' },
  { pattern: /\/\.git$/, what: 'the whole history of the sources' },
];
