import {
  type Command,
  defineRule,
  download,
  isNear,
  replace,
  type ShellWord,
  type Span,
  spanIn,
  verifiedSteps,
  type Word,
  webAddress,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'http-download',
  category: 'security',
  mentions: ['http', 'ftp'],
  severity: 'warning',
  summary: 'a download over plain HTTP',
  why: 'Over plain HTTP anybody on the way between the builder and the server can put something else in place of what is downloaded, and nobody notices. Repositories of apt are signed and need no TLS; a file that curl or ADD fetches has nothing else.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN wget -q «http://»nginx.org/download/nginx-${V}.tar.gz && curl -fsSL "«http://»ftp.gnu.org/a" | tar xj\n',
      good: 'FROM debian:13\nRUN wget -q https://nginx.org/download/nginx-${V}.tar.gz && curl -fsSL "https://ftp.gnu.org/a" | tar xj\n',
    },
    {
      bad: 'FROM debian:13\nADD «http://»example.org/a.tar.gz /a/\nONBUILD ADD --link «HTTP://»example.org/b /\n',
      good: 'FROM debian:13\nADD https://example.org/a.tar.gz /a/\nONBUILD ADD --link https://example.org/b /\n',
    },
    {
      bad: 'FROM debian:13\nRUN git clone --depth 1 «http://»example.org/a && rpm -Uvh «http://»example.org/a.rpm; dnf install -y «http://»example.org/b.rpm\n',
      good: 'FROM debian:13\nRUN git clone --depth 1 https://example.org/a && rpm -Uvh https://example.org/a.rpm; dnf install -y https://example.org/b.rpm\n',
    },
    {
      bad: 'FROM python:3.13\nRUN pip install -i «http://»example.org/simple a --find-links=«http://»example.org/b && npm ci --registry «http://»example.org/npm\n',
      good: 'FROM python:3.13\nRUN pip install -i https://example.org/simple a --find-links=https://example.org/b && npm ci --registry https://example.org/npm\n',
    },
    { bad: 'FROM debian:13\nRUN ["curl", «"http://example.org/a"», "-o", "/a"]\n' },
    { good: 'FROM debian:13\nRUN curl http://localhost:8080/a http://10.0.0.1/b http://$HOST/c http://db/d\n' },
    { good: 'FROM debian:13\nRUN wget http://example.org/a && echo "0  a" | sha256sum -c\n' },
    {
      good: 'FROM debian:13\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d http://example.org/a /a\n',
    },
    { good: 'FROM debian:13\nADD http://example.org/a /a\nRUN echo "0  /a" | sha256sum -c\n' },
    {
      good: 'FROM debian:13\nRUN echo "deb http://deb.debian.org/debian trixie main" > /etc/apt/sources.list && sed -i s#http://a.org#http://b.org# a\n',
    },
    {
      good: 'FROM debian:13\nRUN curl https://example.org/a?x=http://example.org -e http://example.org -x http://example.org:3128\n',
    },
    {
      good: 'FROM debian:13\nRUN git config user.url http://example.org && npm config set proxy http://example.org && rpm -q http://a.org/x\nCOPY a http://example.org/\n',
    },
    { good: 'FROM debian:13\nADD http://db/a http://$HOST/b /a/\n' },
    { bad: 'FROM debian:13\nADD [«"http://example.org/a"», "/a"]\n' },
    {
      bad: 'FROM debian:13\nRUN aria2c «http://»a.io/x && axel «http://»b.io/x && git clone «http://»c.io/x && git log http://d.io/x\n',
      good: 'FROM debian:13\nRUN aria2c https://a.io/x && axel https://b.io/x && git clone https://c.io/x && git log http://d.io/x\n',
    },
    {
      bad: 'FROM debian:13\nRUN rpm -i «http://»a.io/x.rpm && rpm -q http://b.io/x && rpm --import «http://»c.io/k\n',
      good: 'FROM debian:13\nRUN rpm -i https://a.io/x.rpm && rpm -q http://b.io/x && rpm --import https://c.io/k\n',
    },
    {
      bad: 'FROM debian:13\nRUN yum install «http://»a.io/x.rpm && yum list http://b.io/x && dnf -y in «http://»c.io/a\n',
      good: 'FROM debian:13\nRUN yum install https://a.io/x.rpm && yum list http://b.io/x && dnf -y in https://c.io/a\n',
    },
    {
      bad: 'FROM debian:13\nRUN pip install «http://»a.io/x.whl && pip list http://b.io/x && mytool install http://c.io/x && npm i «http://»d.io/x.tgz\n',
      good: 'FROM debian:13\nRUN pip install https://a.io/x.whl && pip list http://b.io/x && mytool install http://c.io/x && npm i https://d.io/x.tgz\n',
    },
    { bad: 'FROM debian:13\nRUN ["curl", «"http://a.io/x"»]\n' },
    { good: 'FROM debian:13\nRUN curl ftp://a.io/x http://\n' },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN iwr -Uri «http://»a.io/x -OutFile x; echo http://b.io\n',
      good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN iwr -Uri https://a.io/x -OutFile x; echo http://b.io\n',
    },
    {
      good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN iwr http://a.io/x -OutFile x; if ((Get-FileHash x).Hash -ne $sum) { exit 1 }\n',
    },
  ],
  *check(model) {
    const verified = verifiedSteps(model);
    for (const { command, step } of model.allCommands) {
      const words = addresses(command).filter(({ text }) => isPlain(text));
      if (verified.has(step)) continue;
      for (const word of words) yield problem(word, command.exec);
    }
    for (const step of model.steps) {
      const { instruction, copy } = step;
      if (!copy || instruction.flags.some(({ name }) => name === 'checksum')) continue;
      const words = copy.sources.filter(({ kind, word }) => kind === 'url' && isPlain(word.text));
      if (verified.has(step)) continue;
      for (const { word } of words) yield problem(word, instruction.keyword === 'ADD' && instruction.form === 'exec');
    }
  },
});

function problem(
  word: Word,
  isJson: boolean,
): {
  at: Span;
  message: string;
  help: string;
  fix?: { title: string; safe: boolean; edits: [ReturnType<typeof replace>] };
} {
  const scheme = /http:\/\//i.exec(word.raw)?.[0] ?? '';
  const at = isJson || scheme === '' ? word.span : spanIn(word, scheme);
  const isExact = at.end - at.start === scheme.length;
  const host = webAddress(word.text.slice(word.text.search(/http:\/\//i)))?.host ?? 'the server';
  return {
    at,
    message: `what ${host} sends can be changed on its way: plain HTTP, and no checksum`,
    help: 'use https://, or compare a checksum: ADD --checksum=sha256:…, sha256sum -c',
    ...(isExact ? { fix: { title: 'Use https://', safe: false, edits: [replace(at, 'https://')] } } : {}),
  };
}

/** `http://` and a host of the internet, also behind `--option=`. */
function isPlain(text: string): boolean {
  const address = webAddress(text.replace(/^--?[\w-]+=/, ''));
  return address?.scheme === 'http' && address.host !== undefined && !isNear(address.host);
}

/** Words of a command from which something is fetched. */
function addresses(command: Command): readonly ShellWord[] {
  const { name, words } = command;
  const has = (pattern: RegExp): boolean => words.some(({ text }) => pattern.test(text));
  const fetched = download(command);
  if (fetched) return fetched.urls;
  if (/^(aria2c|axel|invoke-webrequest|invoke-restmethod|start-bitstransfer)$/.test(name)) return words;
  if (name === 'git') return has(/^(clone|fetch|pull|submodule)$/) ? words : [];
  if (name === 'rpm') return has(/^(-[a-zA-Z]*[iUF][a-zA-Z]*|--install|--upgrade|--import)$/) ? words : [];
  if (/^(yum|dnf|dnf5|microdnf|tdnf|zypper)$/.test(name))
    return has(/^(install|localinstall|in|update|upgrade)$/) ? words : [];
  if (/^(pip3?(\.\d+)?|uv|pipx|npm|yarn|pnpm|bun|gem|go|cargo)$/.test(name)) {
    return has(/^(install|i|add|ci|download|get|sync)$/) ? words : [];
  }
  return [];
}
