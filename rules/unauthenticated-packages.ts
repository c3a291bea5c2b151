import {
  apk,
  apkPackages,
  type Command,
  defineRule,
  dnf,
  download,
  type PackageWord,
  removeWords,
  rpmPackages,
  type ShellWord,
  type Step,
  spanIn,
  yum,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'unauthenticated-packages',
  category: 'security',
  severity: 'warning',
  summary: 'signatures of packages are not checked',
  why: 'The signature is what makes a package from a mirror or over plain HTTP as good as one from the distributor. Without it, whoever runs the mirror or stands on the way decides what is installed, as root.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get install -y cron «--force-yes» && apt-get update «--allow-unauthenticated»\n',
      good: 'FROM debian:13\nRUN apt-get install -y cron && apt-get update\n',
    },
    {
      bad: 'FROM alpine:3\nRUN apk add «--allow-untrusted» --repository https://example.org/apk a\n',
      good: 'FROM alpine:3\nRUN apk add --repository https://example.org/apk a\n',
    },
    {
      bad: 'FROM alpine:3\nRUN wget https://example.org/a.apk\nRUN apk add «--allow-untrusted» a.apk\n',
      good: 'FROM alpine:3\nRUN wget https://example.org/a.apk\nRUN apk add a.apk\n',
    },
    {
      bad: 'FROM fedora:42\nRUN yum -y install «--nogpgcheck» a && dnf «--no-gpgchecks» -y install ./b.rpm https://example.org/c.rpm\n',
      good: 'FROM fedora:42\nRUN yum -y install a && dnf -y install ./b.rpm https://example.org/c.rpm\n',
    },
    {
      bad: 'FROM fedora:42\nRUN dnf -y «--setopt=*.gpgcheck=0» install a; rpm -i «--nosignature» https://example.org/a.rpm\n',
      good: 'FROM fedora:42\nRUN dnf -y install a; rpm -i https://example.org/a.rpm\n',
    },
    {
      bad: 'FROM opensuse/leap:15\nRUN zypper -n «--no-gpg-checks» install a && zypper ar «-G» https://example.org/a a\n',
      good: 'FROM opensuse/leap:15\nRUN zypper -n install a && zypper ar https://example.org/a a\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nRUN apt-get -o «APT::Get::AllowUnauthenticated=true» install a; apt -o «Acquire::AllowInsecureRepositories=1» update\n',
    },
    {
      bad: 'FROM debian:13\nRUN echo "deb [arch=amd64 «trusted=yes»] http://example.org/ x main" > /etc/apt/sources.list.d/x.list\n',
    },
    {
      bad: 'FROM fedora:42\nRUN echo "«gpgcheck=0»" >> /etc/yum.repos.d/x.repo && printf "[a]\\n«gpgcheck = 0»" > b\n',
    },
    { bad: 'FROM debian:13\nRUN ["apt-get", "install", "-y", «"--force-yes"», "a"]\n' },
    {
      good: 'FROM debian:13\nRUN apt-get install -y --allow-downgrades a && apt-get -o APT::Get::AllowUnauthenticated=false update\n',
    },
    { good: 'FROM alpine:3\nCOPY a.apk /tmp/\nRUN apk add --allow-untrusted /tmp/a.apk\n', note: 'One of our own.' },
    { good: 'FROM fedora:42\nCOPY *.rpm /\nRUN dnf install --nogpgcheck -y /a.rpm && rpm -Uvh --nosignature /*.rpm\n' },
    {
      good: 'FROM debian:13\nRUN echo "deb [trusted=yes] file:///repo ./" > a; echo "gpgcheck=1"; cp --force-yes a b; grep gpgcheck=0 a\n',
    },
    { good: 'FROM opensuse/leap:15\nRUN zypper -n install a && rpm -q --nosignature a && git -G x\n' },
    {
      bad: 'FROM debian:13\nRUN apt-get install «--allow-unauthenticated» -y a && mytool --allow-unauthenticated\n',
      good: 'FROM debian:13\nRUN apt-get install -y a && mytool --allow-unauthenticated\n',
    },
    {
      bad: 'FROM debian:13\nRUN yum install --nogpgcheck -y ./a.rpm && yum install «--nogpgcheck» -y ./a.rpm b\n',
      good: 'FROM debian:13\nRUN yum install --nogpgcheck -y ./a.rpm && yum install -y ./a.rpm b\n',
    },
    {
      bad: 'FROM debian:13\nRUN yum install «--nogpgcheck» && zypper «--no-gpg-checks» in -y a\n',
      good: 'FROM debian:13\nRUN yum install && zypper in -y a\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl -O https://a.io/a.deb && curl -O https://a.io/b.apk && apk add «--allow-untrusted» ./b.apk\n',
      good: 'FROM debian:13\nRUN curl -O https://a.io/a.deb && curl -O https://a.io/b.apk && apk add ./b.apk\n',
    },
    {
      good: 'FROM debian:13\nRUN rpm -i --nosignature a.rpm && rpm -q --nosignature a && rpm --nosignature -U a.rpm b\n',
    },
    {
      bad: 'FROM debian:13\nRUN rpm -i «--nosignature» https://a.io/a.rpm -v\n',
      good: 'FROM debian:13\nRUN rpm -i https://a.io/a.rpm -v\n',
    },
  ],
  *check({ commands }) {
    const fetched = new Map<Step, ReadonlySet<string>>();
    for (const { command, step } of commands) {
      const { words } = command;
      const manager = managers.find(({ tool }) => tool.test(command.name));
      const word = manager && words.find(({ text }) => manager.words.test(text));
      if (word && !isOwn(command, step, fetched)) {
        const edit = word.text.startsWith('--') ? removeWords(command, word) : undefined;
        yield {
          at: word.span,
          message: `${command.name} does not check the signatures of packages`,
          help: 'import the key of the repository, and leave the check on',
          ...(edit ? { fix: { title: `Remove ${word.text}`, safe: false, edits: [edit] } } : {}),
        };
      }
      const [written, piece] = writtenSetting(command) ?? [];
      if (!written || piece === undefined) continue;
      yield {
        at: spanIn(written, piece),
        message: `${piece} switches the check of signatures off`,
        help: 'import the key of the repository (signed-by=, gpgkey=), and leave the check on',
      };
    }
  },
});

/** Switches of the package managers, by their manuals. */
const managers: readonly { readonly tool: RegExp; readonly words: RegExp }[] = [
  {
    tool: /^(apt|apt-get|aptitude)$/,
    words:
      /^(--(allow-unauthenticated|force-yes|allow-insecure-repositories)|(-o)?(APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories|APT::Get::Force-Yes)=(true|1|yes))$/i,
  },
  { tool: /^apk$/, words: /^--allow-untrusted$/ },
  {
    tool: /^(yum|dnf|dnf5|microdnf|tdnf|yum-config-manager)$/,
    words: /^(--nogpgcheck|--no-gpgchecks?|--setopt=(.*\.)?gpgcheck=(0|false|no))$/i,
  },
  { tool: /^rpm$/, words: /^--(nosignature|nodigest)$/ },
  { tool: /^zypper$/, words: /^(--no-gpg-checks|--gpgcheck-allow-unsigned(-\w+)?|-G|--no-gpgcheck)$/ },
];

/** Files that nobody has fetched: brought along by COPY or built here, so there is no mirror to trust. */
function isOwn(command: Command, step: Step, fetched: Map<Step, ReadonlySet<string>>): boolean {
  const packages = packagesOf(command);
  if (packages === undefined) return command.name === 'rpm';
  if (packages.length === 0 || !packages.every(({ kind }) => kind === 'file')) return false;
  const endings = new Set(packages.map(({ word }) => endingOf(word.text)));
  return !fetches(step, endings, fetched);
}

function packagesOf(command: Command): readonly Pick<PackageWord, 'kind' | 'word'>[] | undefined {
  const apkAdd = apk(command);
  if (apkAdd) return apkPackages(apkAdd);
  const found = yum(command) ?? dnf(command);
  if (found) return rpmPackages(found);
  if (command.name !== 'rpm' || !isInstall(command)) return undefined;
  const operands = command.words.slice(1).filter(({ text }) => !text.startsWith('-'));
  return operands.map((word) => ({ word, kind: /:\/\//.test(word.text) ? 'url' : 'file' }));
}

function isInstall({ words }: Command): boolean {
  return words.some(({ text }) => /^(-[a-zA-Z]*[iUF][a-zA-Z]*|--(install|upgrade|freshen))$/.test(text));
}

/** So many steps before an install are looked at. */
const maxSteps = 20;

/** Whether this or an earlier step of the stage downloads something that ends like one of the files. */
function fetches(
  { stage, index }: Step,
  endings: ReadonlySet<string>,
  fetched: Map<Step, ReadonlySet<string>>,
): boolean {
  return stage.steps.slice(Math.max(0, index - maxSteps), index + 1).some((step) => {
    const found = fetched.get(step) ?? fetchedBy(step);
    fetched.set(step, found);
    return [...endings].some((ending) => found.has(ending));
  });
}

/** The endings of what a step downloads. */
function fetchedBy({ commands, copy }: Step): ReadonlySet<string> {
  const added = copy?.sources.filter(({ kind }) => kind === 'url').map(({ word }) => word) ?? [];
  const urls = commands.flatMap((each) => download(each)?.urls ?? []);
  return new Set([...added, ...urls].map(({ text }) => endingOf(text)));
}

/** `.rpm` */
function endingOf(path: string): string {
  return /\.\w{1,10}$/.exec(path)?.[0] ?? '';
}

const texts: readonly RegExp[] = [/\btrusted=yes\b/, /(?:repo_)?gpgcheck\s*=\s*(?:0|false|no)\b/i];

/** `echo "deb [trusted=yes] …"`, `echo gpgcheck=0`: the word, and the piece of it that says so. */
function writtenSetting({ name, words }: Command): [ShellWord, string] | undefined {
  if (name !== 'echo' && name !== 'printf') return undefined;
  for (const word of words.slice(1)) {
    if (/\bfile:\/|\bcopy:\//.test(word.text)) continue;
    for (const text of texts) {
      const piece = text.exec(word.text)?.[0];
      if (piece !== undefined) return [word, piece];
    }
  }
  return undefined;
}
