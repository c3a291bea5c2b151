import {
  type Command,
  type Download,
  defineRule,
  download,
  type Problem,
  type Span,
  type Step,
  webAddress,
  webRequest,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'curl-pipe-shell',
  category: 'security',
  mentions: ['curl', 'wget', 'iex', 'invoke-expression'],
  severity: 'warning',
  summary: 'a download goes straight into a shell',
  why: 'Whatever the server sends today runs as it comes, mostly as root: nobody has seen it, nothing is compared with a checksum, and tomorrow it is something else. When the download breaks off in the middle, the shell runs the first half.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN «curl https://sh.example.org -sSf | sh» -s -- -y\n',
      good: 'FROM debian:13\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://sh.example.org/install.sh /tmp/\nRUN sh /tmp/install.sh -y\n',
    },
    { bad: 'FROM debian:13\nRUN set -ex; «wget -qO- https://example.org/a | sudo -E bash» - && make\n' },
    { bad: 'FROM debian:13\nRUN «curl https://example.org/a.gz | gunzip | tee /log | python3» - x\n' },
    { bad: 'FROM debian:13\nRUN «curl https://example.org/a | bash» /dev/stdin -v latest\n' },
    {
      bad: 'FROM debian:13\nRUN «bash -c "$(curl -fsSL https://example.org/a)"» && «bash <(wget -O - https://example.org/b)» x\n',
    },
    {
      bad: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN «source <(curl https://example.org/a)»; «eval "$(curl https://example.org/b)"»\n',
    },
    { bad: 'FROM debian:13\nRUN ["sh", "-c", "«curl https://example.org/a | sh»"]\n' },
    {
      good: 'FROM debian:13\nRUN curl https://example.org/a -o a | sh; curl https://example.org/a | tar x | sh x.sh\n',
    },
    {
      good: 'FROM debian:13\nRUN curl https://example.org/a | bash -c "cat > a" && curl https://example.org/a | python3 -m json.tool\n',
    },
    {
      good: 'FROM debian:13\nRUN wget https://example.org/a | sh; cat a | sh && curl https://example.org/b\n',
      note: 'wget writes a file.',
    },
    {
      good: 'FROM debian:13\nRUN sh x.sh "$(curl https://example.org/version)" && curl https://example.org/a | python3 -c "print(1)"\n',
    },
    { good: 'FROM debian:13\nRUN eval "$(ssh-agent)" && V="$(curl https://example.org/v)" bash -c make\n' },
    {
      good: 'FROM debian:13\nRUN curl https://example.org/a; cat a | sh; echo "$(curl https://example.org/v)"\nCMD curl https://example.org/a | sh\n',
    },
    { bad: 'FROM debian:13\nRUN «. <(curl https://example.org/a)» && «curl "$URL" | bash» -s\n' },
    { bad: 'FROM debian:13\nRUN «curl https://a.io/x -o /dev/stdout | sh»\n' },
    { bad: 'FROM debian:13\nRUN «curl https://a.io/x | bash» --norc -x -\n' },
    { good: 'FROM debian:13\nRUN bash && curl -fsSL https://a.io/x | cat && bash -c "echo $(curl https://a.io/y)"\n' },
    { good: 'FROM debian:13\nRUN curl https://a.io/x | sh script.sh && curl https://a.io/x | bash -c "cat"\n' },
    { good: 'FROM debian:13\nRUN bash -c "$(cat a)" && curl https://a.io/x -o b && python3 -m json.tool\n' },
    { bad: 'FROM debian:13\nRUN «curl https://a.io/x | sh» -es a b && «python3 -c "$(curl https://a.io/y)"»\n' },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN powershell -Command «iex ((New-Object Net.WebClient).DownloadString(\'https://a.io/i.ps1\'))»\nSHELL ["powershell", "-Command"]\nRUN «iwr -useb https://a.io/i.ps1 | iex»; «iex "& { $(irm https://a.io/x) } -y"»\n',
    },
    {
      good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nRUN iwr https://a.io/i.ps1 -OutFile i.ps1; iex .\\i.ps1; Get-Content x | iex; echo (irm https://a.io/x)\n',
    },
  ],
  *check({ steps }) {
    for (const step of steps) {
      if (step.instruction.keyword !== 'RUN') continue;
      yield* onWindows(step);
      for (const [i, command] of step.commands.entries()) {
        const fetched = piped(step, i) ?? substituted(step, i);
        if (!fetched) continue;
        const host = fetched.download.urls.map(({ text }) => webAddress(text)?.host).find((each) => each !== undefined);
        yield problem(fetched.at, command.name, host);
      }
    }
  },
});

function problem(at: Span, program: string, host: string | undefined): Problem {
  return {
    at,
    message: `${program} runs what ${host ?? 'a server'} sends, whatever it is`,
    help: 'download a certain version, compare its checksum (ADD --checksum=…, sha256sum -c), then run it',
  };
}

/** What a word of PowerShell fetches: `(New-Object Net.WebClient).DownloadString('…')`, `(irm …)`. */
const fetching = /\b(DownloadString|Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b.*?(https?:\/\/[^'"\s)]+)/is;

/** `iwr … | iex` and `iex (irm …)`. */
function* onWindows({ script }: Step): Iterable<Problem> {
  const windows = script?.windows ?? [];
  for (const [i, command] of windows.entries()) {
    if (command.name !== 'invoke-expression') continue;
    const before = windows[i - 1];
    const request = before?.pipeline.id === command.pipeline.id ? webRequest(before) : undefined;
    const end = command.words[0]?.span.end ?? command.span.end;
    if (before && request) {
      yield problem({ start: before.span.start, end }, 'Invoke-Expression', webAddress(request.url.text)?.host);
      continue;
    }
    const url = command.words
      .map(({ text }) => fetching.exec(text.slice(0, 2000))?.[2])
      .find((each) => each !== undefined);
    if (url !== undefined) yield problem(command.span, 'Invoke-Expression', webAddress(url)?.host);
  }
}

interface Fetched {
  readonly download: Download;
  readonly at: Span;
}

/** `curl … | sh`: the shell is command `index`. */
function piped({ commands }: Step, index: number): Fetched | undefined {
  const shell = commands[index];
  if (!shell || shell.pipeline.position === 0 || !readsInput(shell)) return undefined;
  for (let i = index - 1; i >= Math.max(0, index - maxPipe); i--) {
    const command = commands[i] as Command;
    if (command.pipeline.id !== shell.pipeline.id) continue;
    const found = download(command);
    const end = shell.words[0]?.span.end ?? shell.span.end;
    if (found)
      return found.output === '-' || found.output === '/dev/stdout'
        ? { download: found, at: { start: command.span.start, end } }
        : undefined;
  }
  return undefined;
}

/** Commands of one pipe and of what is nested in it; a shell farther away is not looked at. */
const maxPipe = 20;
const shells = /^(ba|da|a|z|k)?sh$/;
const interpreters = /^(python|pypy|ruby|perl|node|php)(\d+(\.\d+)?)?$/;

/** Whether a shell or interpreter takes its script from standard input. */
function readsInput({ name, words }: Command): boolean {
  const [first] = words
    .slice(1)
    .filter(({ text }) => !/^[-+][A-Za-z]+$|^--(no|posix|login|verbose)\w*$/.test(text) || /^-\w*[cme]$/.test(text));
  const isInput = first === undefined || /^(-|--|\/dev\/stdin|\/proc\/self\/fd\/0)$/.test(first.text);
  if (interpreters.test(name)) return isInput;
  return shells.test(name) && (isInput || words.some(({ text }) => /^-[a-z]*s$/.test(text)));
}

/** `sh -c "$(curl …)"`, `bash <(curl …)`, `source <(curl …)`, `eval "$(curl …)"`. */
function substituted({ commands }: Step, index: number): Fetched | undefined {
  const command = commands[index];
  const script = command && scriptWord(command);
  const expansion = script?.expansions.find(({ kind }) => kind === 'command' || kind === 'process');
  if (!command || !script || !expansion) return undefined;
  for (const inner of commands.slice(index + 1, index + 1 + maxPipe)) {
    const isInside = inner.span.start >= expansion.span.start && inner.span.end <= expansion.span.end;
    const found = isInside ? download(inner) : undefined;
    const start = command.words[0]?.span.start ?? command.span.start;
    if (found?.output === '-') return { download: found, at: { start, end: script.span.end } };
  }
  return undefined;
}

/** The word that becomes the script: nothing but a substitution. */
function scriptWord({ name, words }: Command): Command['words'][number] | undefined {
  const isRunner = shells.test(name) || interpreters.test(name) || name === 'source' || name === '.' || name === 'eval';
  if (!isRunner) return undefined;
  const script = words.find(({ text }, i) => i > 0 && !/^-[A-Za-z]+$/.test(text));
  return script && /^["']?([$<]\(|`)/.test(script.raw) ? script : undefined;
}
