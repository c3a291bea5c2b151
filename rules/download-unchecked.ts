import {
  type Command,
  type Download,
  defineRule,
  download,
  isNear,
  type Problem,
  type ShellWord,
  type Stage,
  type Step,
  verifies,
  verifiesOnWindows,
  webAddress,
  webRequest,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'download-unchecked',
  category: 'security',
  mentions: ['curl', 'wget', 'http', 'ftp'],
  severity: 'info',
  presets: { strict: 'warning' },
  summary: 'a download is unpacked, installed or run without a check of its content',
  why: 'HTTPS proves which server answered, not that the file is the one that was there last week: accounts are taken over, releases are replaced, mirrors are broken into. A checksum in the Dockerfile makes the build stop when the file has changed.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN curl -fsSL «https://example.org/a-1.2.tar.gz» | tar xz\n',
      good: 'FROM debian:13\nRUN curl -fsSLo a.tgz https://example.org/a-1.2.tar.gz && echo "$SUM  a.tgz" | sha256sum -c && tar xzf a.tgz\n',
    },
    {
      bad: 'FROM debian:13\nADD «https://example.org/a-1.2.tar.gz» /tmp/\n',
      good: 'FROM debian:13\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/a-1.2.tar.gz /tmp/\n',
    },
    {
      bad: 'FROM debian:13\nRUN wget -q «https://example.org/a-$V.tar.gz» && tar xf a-$V.tar.gz\nRUN wget «"https://example.org/b.zip?x=1"»\nRUN unzip -q b.zip\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl -Lo /opt/a «https://example.org/a» && chmod +x /opt/a; curl -o /usr/local/bin/b «https://example.org/b»\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl «https://example.org/i» > /tmp/i.sh && sh /tmp/i.sh; wget -P /tmp «https://example.org/a.deb» && dpkg -i /tmp/a.deb\n',
    },
    { bad: 'FROM debian:13\nRUN curl -O «https://example.org/i.bin» && chmod 755 ./i.bin && ./i.bin\n' },
    {
      bad: 'FROM debian:13\nRUN sha256sum -c sums && curl «https://example.org/a.tgz» | gunzip | cpio -i\n',
      note: 'A check of something else, before.',
    },
    {
      good: 'FROM debian:13\nRUN curl -O https://example.org/a.tgz && curl -O https://example.org/a.tgz.asc && gpg --verify a.tgz.asc && tar xf a.tgz\n',
    },
    { good: 'FROM debian:13\nADD https://example.org/a /a\nRUN test "$(sha256sum /a)" = "$SUM  /a"\n' },
    {
      good: 'FROM debian:13\nRUN curl -O https://example.org/a.tgz\nRUN echo "$SUM  a.tgz" | shasum -a 256 -c && tar xf a.tgz\n',
    },
    {
      good: 'FROM debian:13\nRUN curl https://example.org/key | gpg --dearmor > /key; wget https://example.org/data.json; curl https://example.org/v | tee v\n',
    },
    {
      good: 'FROM debian:13\nRUN curl -O https://example.org/data.txt && grep data.txt x; tar xf b.tgz && wget -qO- https://example.org/c | jq .\n',
    },
    {
      good: 'FROM debian:13\nRUN curl http://localhost/a.tgz | tar xz; curl https://example.org/x | sh\n',
      note: 'That is curl-pipe-shell.',
    },
    {
      good: 'FROM debian:13 AS a\nRUN curl -O https://example.org/a.tgz\nFROM debian:13\nRUN tar xf a.tgz\n',
      note: 'Another file.',
    },
    { good: 'FROM debian:13\nADD https://github.com/a/b.git /b\nADD a.tgz /\nCOPY b.tgz /\nADD http://db/a /a\n' },
    {
      bad: 'FROM debian:13\nRUN curl «https://example.org/i» >> /tmp/i.sh && sh /tmp/i.sh; curl -o b «$URL» && chmod a+x b\n',
    },
    {
      good: 'FROM debian:13\nRUN curl https://example.org/i 2> /i.sh; sh /i.sh; curl -O https://example.org/x && chmod 644 x; curl --version; curl https://example.org/ && ls ""\nCMD curl -o /bin/a https://example.org/a\n',
    },
    {
      good: 'FROM debian:13 AS a\nARG GO_SHA256\nADD https://example.org/go.tgz /\nRUN /go.sh\nFROM debian:13\nADD https://example.org/b.tgz https://example.org/b.tgz.sig /\nRUN /b.sh\n',
    },
    { bad: 'FROM debian:13\nRUN curl -fsSL «https://a.io/x» 1>> /usr/local/bin/x\n' },
    { bad: 'FROM debian:13\nRUN curl -fsSL «https://a.io/x» 2> /usr/bin/y > /tmp/x && sh /tmp/x\n' },
    { good: 'FROM debian:13\nRUN wget https://a.io/x.sh && chmod 644 x.sh && touch -t 777 x.sh\n' },
    { good: 'FROM debian:13\nRUN wget https://a.io/x.sh\nCMD ./x.sh\n' },
    {
      good: 'FROM debian:13\nRUN wget https://a.io/x.tgz && cat b && tar xf y.tgz && curl -fsSL https://a.io/x -o /opt/bin/x\n',
    },
    { bad: 'FROM debian:13\nRUN wget «https://a.io/x.sh» && ls\nRUN ./x.sh\n' },
    { good: 'FROM debian:13\nRUN curl -fsSL https://a.io/x | cat && ls | tar xz\n' },
    { good: 'FROM debian:13\nARG A=1 X_SHA256=abc\nRUN wget https://a.io/x.sh && ./x.sh\n' },
    { good: 'FROM debian:13\nENV X_SHA256=abc B=c\nRUN wget https://a.io/x.sh && ./x.sh\n' },
    { bad: 'FROM debian:13\nLABEL X_SHA256=abc\nRUN wget «https://a.io/x.sh» && ./x.sh\n' },
    { bad: 'FROM debian:13\nADD «https://a.io/x.tgz» /x\nCOPY a.sig /x\n' },
    { good: 'FROM debian:13\nRUN wget https://a.io/ -O x && ls\n' },
    {
      bad: '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN curl -Lo C:\\a.zip «https://a.io/a.zip» && tar xf c:\\A.zip\nSHELL ["powershell", "-Command"]\nRUN iwr -UseBasicParsing -Uri «"https://a.io/b.msi"» -OutFile b.msi; Start-Process msiexec -ArgumentList "/i", b.msi -Wait\nRUN Invoke-WebRequest «https://a.io/$env:V.exe» -Out c.exe; .\\c.exe /S\n',
    },
    {
      good: '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN iwr https://a.io/b.zip -OutFile b.zip; if ((Get-FileHash b.zip).Hash -ne $env:SUM) { exit 1 }; Expand-Archive b.zip\n',
    },
    {
      good: '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN iwr https://a.io/b.zip -OutFile b.zip; Expand-Archive c.zip; iwr http://localhost/d.zip -OutFile d.zip; Expand-Archive d.zip; iwr https://a.io/e; Copy-Item b.zip f\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl -o /dev/stdout «https://a.io/x» | tar xz; wget -qO /dev/fd/1 «https://a.io/x» | bsdtar x; wget -O- «https://a.io/y» | sudo tar xJ\n',
    },
  ],
  *check({ stages }) {
    for (const step of stages.filter((stage) => !knowsChecksum(stage)).flatMap(({ steps }) => steps)) {
      const { instruction, copy } = step;
      if (copy && !instruction.flags.some(({ name }) => name === 'checksum')) {
        const urls = copy.sources
          .filter(({ kind, word }) => kind === 'url' && isFar(word.text))
          .map(({ word }) => word);
        if (urls.length === 0 || isVerified(step, -1)) continue;
        for (const { span, text } of urls) {
          yield {
            at: span,
            message: `the content of ${nameOf(text)} is not checked`,
            help: 'add --checksum=sha256:…',
          };
        }
      }
      if (instruction.keyword !== 'RUN') continue;
      yield* onWindows(step);
      for (const [i, command] of step.commands.entries()) {
        const fetched = download(command);
        const url = fetched?.urls[0];
        if (!fetched || !url || !isFar(url.text)) continue;
        const use = useOf(step, i, fetched, url);
        if (use === undefined || isVerified(step, i)) continue;
        yield problem(
          url,
          use,
          'compare it before with a checksum or a signature: echo "<sha256>  <file>" | sha256sum -c, or fetch it with ADD --checksum=sha256:…',
        );
      }
    }
  },
});

function problem({ span, text }: ShellWord, use: string, help: string): Problem {
  return { at: span, message: `${nameOf(text)} is ${use}, and its content is not checked`, help };
}

function* onWindows(step: Step): Iterable<Problem> {
  const { windows = [] } = step.script ?? {};
  for (const [i, command] of windows.entries()) {
    const fetched = download(command);
    const request = webRequest(command);
    const url = fetched?.urls[0] ?? request?.url;
    const file = base(fetched ? (fetched.output ?? webAddress(url?.text ?? '')?.file ?? '') : (request?.output ?? ''));
    if (!url || file === '' || file === '-' || !isFar(url.text)) continue;
    const later = step.stage.steps.slice(step.index, step.index + 1 + maxSteps);
    if (later.some(verifiesOnWindows)) continue;
    const rest = [...windows.slice(i + 1, i + 1 + maxCommands), ...later.slice(1).flatMap(windowsOf)];
    const use = rest.map((each) => windowsUse(each, file)).find((each) => each !== undefined);
    if (use !== undefined) yield problem(url, use, 'compare it before with Get-FileHash');
  }
}

function windowsOf({ script }: Step): readonly Command[] {
  return script?.windows.slice(0, maxCommands) ?? [];
}

function windowsUse({ name: tool, words }: Command, file: string): string | undefined {
  const isSame = ({ text }: ShellWord): boolean => base(text.replace(/[,;]$/, '')).toLowerCase() === file.toLowerCase();
  if (words[0] && isSame(words[0])) return 'run';
  if (!words.slice(1).some(isSame)) return undefined;
  if (/^(expand-archive|tar|7z|7za|unzip)$/.test(tool)) return 'unpacked';
  if (/^(msiexec|start-process|start|dism|wusa|choco|add-appxpackage)$/.test(tool)) return 'installed';
  return /^(powershell|pwsh|cmd|python|node)$/.test(tool) ? 'run' : undefined;
}

/** A variable for a checksum, or a signature that is fetched as well: a script that is not seen here looks at them. */
function knowsChecksum({ steps }: Stage): boolean {
  return steps.some(({ instruction, copy }) => {
    if (instruction.keyword === 'ARG' || instruction.keyword === 'ENV') {
      return instruction.pairs.some(({ key }) => /sha(1|256|384|512)|checksum|md5/i.test(key.text));
    }
    return (
      copy?.sources.some(({ kind, word }) => kind === 'url' && /\.(sig|asc|sha\d+(sum)?)$/.test(word.text)) === true
    );
  });
}

function isFar(text: string): boolean {
  const address = webAddress(text);
  return address === undefined
    ? /^[\w-]+(\.[\w-]+)+\/|\$/.test(text)
    : address.host === undefined || !isNear(address.host);
}

function nameOf(url: string): string {
  const file = webAddress(url)?.file ?? '';
  return file === '' || file.length > 60 ? 'the download' : file;
}

/** Commands behind a download that are looked at. */
const maxCommands = 60;
const maxSteps = 3;

/** Whether something is compared with a checksum or a signature after command `index`. */
function isVerified({ commands, stage, index: at }: Step, index: number): boolean {
  const later = stage.steps.slice(at + 1, at + 1 + maxSteps).filter(({ instruction }) => instruction.keyword === 'RUN');
  return [commands.slice(index + 1), ...later.map((step) => step.commands)].some((each) =>
    each.slice(0, maxCommands).some(verifies),
  );
}

const unpackers = /^(tar|bsdtar|cpio|unzip|gunzip|bunzip2|unxz|7z|7za|7zr|unrar|jar)$/;
const runners = /^((ba|da|a|z|k)?sh|(python|ruby|perl|node|php)[\d.]*|source|\.)$/;
const installers = /^(dpkg|rpm|apt|apt-get|yum|dnf|microdnf|zypper|apk|pip3?|npm|gem|installer|install)$/;

/** What becomes of a download: `unpacked`, `run`, `installed`, or nothing of the kind. */
function useOf(step: Step, index: number, fetched: Download, url: ShellWord): string | undefined {
  const { command } = fetched;
  const isPrinted = /^(-|\/dev\/(stdout|fd\/1))$/.test(fetched.output ?? '');
  const written = isPrinted ? redirected(command) : fetched.output;
  const rest = step.commands.slice(index + 1, index + 1 + maxCommands);
  if (written === undefined && isPrinted) {
    const isUnpacked = rest.some(
      ({ pipeline, name: tool }) => pipeline.id === command.pipeline.id && /^(tar|bsdtar|cpio|unzip)$/.test(tool),
    );
    return isUnpacked ? 'unpacked' : undefined;
  }
  if (written !== undefined && /^(\/usr(\/local)?)?\/s?bin\/./.test(written)) return 'made a program';
  const file = base(written ?? webAddress(url.text)?.file ?? '');
  if (file === '') return undefined;
  const later = step.stage.steps
    .slice(step.index + 1, step.index + 1 + maxSteps)
    .filter(({ instruction }) => instruction.keyword === 'RUN');
  for (const each of [rest, ...later.map(({ commands }) => commands.slice(0, maxCommands))].flat()) {
    const use = useBy(each, file);
    if (use !== undefined) return use;
  }
  return undefined;
}

function useBy({ name: tool, words }: Command, file: string): string | undefined {
  if (words[0] && base(words[0].text) === file) return 'run';
  if (!words.some(({ text }, i) => i > 0 && base(text) === file)) return undefined;
  if (unpackers.test(tool)) return 'unpacked';
  if (installers.test(tool)) return 'installed';
  if (runners.test(tool)) return 'run';
  const isExecutable = tool === 'chmod' && words.some(({ text }) => /^([ugoa]*\+r?x|[0-7]?[1357][0-7]{2})$/.test(text));
  return isExecutable ? 'made a program' : undefined;
}

function base(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function redirected({ redirects }: Command): string | undefined {
  return redirects.find(({ operator, fd }) => (operator === '>' || operator === '>>') && (fd === undefined || fd === 1))
    ?.target?.text;
}
