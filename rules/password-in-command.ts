import {
  assignedBy,
  type Command,
  defineRule,
  isOpenValue,
  type Problem,
  type ShellWord,
  type Span,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'password-in-command',
  category: 'security',
  severity: 'warning',
  summary: 'a password stands in a command',
  why: 'The command is in the history of the image, word by word, for everybody who can pull it. A password that a build sets for a user is the same in every container, and known to everybody.',
  examples: [
    {
      bad: "FROM debian:13\nRUN echo 'root:«vulhub»' | chpasswd\n",
      good: 'FROM debian:13\nRUN --mount=type=secret,id=p echo "root:$(cat /run/secrets/p)" | chpasswd\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nRUN echo "a:«b»" | sudo chpasswd && printf "%s" "a:«b»" | chpasswd -c SHA512; chpasswd <<< "a:«c»"\n',
    },
    {
      bad: 'FROM debian:13\nRUN echo «secret» | passwd --stdin app; echo -e «"pw\\npw"» | passwd app; useradd -m -p «x1y2» app && usermod --password «"x 1"» app\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl -u ci:«hunter2» https://a.org && curl --user=ci:«hunter2» https://b.org && wget --user=a --password=«hunter2» https://c.org\n',
    },
    {
      bad: 'FROM debian:13\nRUN git clone https://ci:«hunter2»@a.org/b && pip install --extra-index-url "https://u:«p1»@a.org/simple" c\n',
    },
    {
      bad: 'FROM debian:13\nRUN mysql -u root -p«s3cret» -e "x" && mysqladmin -u root --password=«s3cret» ping; mariadb --password «s3cret»\n',
    },
    {
      bad: 'FROM debian:13\nRUN sshpass -p «pw1» ssh a; sshpass -p«pw1» ssh a; htpasswd -bc /a u «pw1»; docker login -u a -p «pw1»; redis-cli -a «pw1» ping; openssl passwd -6 «pw1»\n',
    },
    {
      bad: 'FROM debian:13\nRUN PGPASSWORD=«pw1» psql -c x && export DB_PASS=«pw1»; tool --token=«t0k» login; tool --api-key «k3y»\n',
    },
    {
      bad: 'FROM debian:13\nCMD ["tool", «"--password=pw1"»]\nHEALTHCHECK CMD mysqladmin -p«s3cret» ping\nONBUILD RUN openssl req -passout pass:«pw1»\n',
    },
    {
      good: 'FROM debian:13\nRUN curl -u "$U:$P" https://a.org && curl -u token https://b.org && git clone https://$U:$P@a.org/b https://git@c.org/d ssh://e@f\n',
    },
    {
      good: 'FROM debian:13\nRUN echo "a:$(cat /run/secrets/p)" | chpasswd; echo "a:$P" | chpasswd; echo a:b | cat; echo "a:b" > chpasswd\n',
    },
    {
      good: 'FROM debian:13\nRUN adduser --disabled-password app && docker login --password-stdin -u a && initdb --auth=trust && useradd -p "" app\n',
    },
    {
      good: 'FROM debian:13\nRUN mysql -p -e x && mysql --password= -e x && mysql --password="$P"; mkdir -p s3cret; redis-cli -p 6379; passwd -d app && passwd -l root\n',
    },
    {
      good: 'FROM debian:13\nRUN SECRET_KEY_BASE=dummy rails assets:precompile && DB_PASSWORD=$P make && PASSWORD= make && DB_PASSWORD=dummy make && PWD=/a make && SSH_ASKPASS=x make\n',
    },
    {
      good: 'FROM debian:13\nRUN tool --password-file=/a --token-ttl=5 --password=/run/secrets/p --token "$(cat /t)" --password --verbose\nENV A_PASSWORD=x\n',
    },
    {
      good: 'FROM debian:13\nRUN cat a:b | chpasswd; htpasswd -c /a user; docker run -p 8080:80 a; SSH_ASKPASS=ask ssh a; openssl passwd\n',
    },
    { bad: 'FROM debian:13\nRUN htpasswd -bc /a user «secret1» && htpasswd -c /a user word1 && tool -b word2\n' },
    {
      bad: 'FROM debian:13\nRUN openssl passwd -1 «secret1» && tool passwd x && openssl req passwd y && openssl passwd\n',
    },
    {
      good: "FROM debian:13\nRUN echo 'bob:secret1' && cat a:b2c | chpasswd && chpasswd < f && cat <<< a:b2c && chpasswd a:b2c\n",
    },
    { good: "FROM debian:13\nRUN echo 'bob:secret1'; ls | chpasswd\n" },
    { good: 'FROM debian:13\nRUN DB_PASSWORD= ./a && SSH_ASKPASS=x ./a && USERX=secret1 ./b\n' },
    {
      good: 'FROM debian:13\nRUN curl -u bob: https://a.io && curl -u bob https://a.io && curl -x a:b9c https://a.io && tool -u a:b9c\n',
    },
    {
      good: 'FROM debian:13\nRUN useradd -m bob && mysql -p && sshpass -p $P ssh && mysql -p$P && htpasswd -b /a user $P && curl -u a:$P https://a.io\n',
    },
    { bad: 'FROM debian:13\nRUN echo -n bob:«secret1» | chpasswd -e && echo a | chpasswd\n' },
    {
      bad: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN net user app «P@ssw0rd1» /add && curl -u a:«secret1» https://x.org/a && setup.exe /q «/SAPWD="S3cret1"» /x:pass && tool --password=«t0p» & Net Users app «pw1» & cmdkey /user:a /pass:«pw1»\nSHELL ["powershell", "-Command"]\nRUN net user app «\'P@ss\'» /add; Invoke-WebRequest -Uri https://u:«pw1»@x.org/a -OutFile a; tool.exe --token «abc1»\n',
    },
    {
      good: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nARG P\nRUN net user app %P% /add && net user app /active:no && net user app * && net localgroup a b c && setup /SAPWD=%P% /compass=1 && curl -u a:%P% https://x.org/a\nSHELL ["powershell", "-Command"]\nRUN net user app $env:P /add; tool --token $env:P; tool /pwd\n',
    },
    {
      bad: "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN setx /M DB_PASSWORD «\"S3cret 1\"» & set SA_PWD=«S3cret1»& powershell $env:DB_PASS = «'S3cret1'»\nSHELL [\"powershell\", \"-Command\"]\nRUN $password = «'S3cret1'»; ${env:A_PASSWORD}=«\"S3 cret\"»; [System.Environment]::SetEnvironmentVariable('B_PASSWORD', «'it''s'», 'Machine')\n",
    },
    {
      good: "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN setx /M DB_PASSWORD \"%P%\" & set SA_PWD=%P%& set PATH=C:\\a\nSHELL [\"powershell\", \"-Command\"]\nRUN $password = Read-Host 'S3cret1'; $env:A_PASSWORD = \"$p\"; $env:B_PASSWORD = 'a{0}' -f $p; $env:C_PASSWORD = ''; [Environment]::GetEnvironmentVariable('D_PASSWORD', 'Machine'); [Environment]::SetEnvironmentVariable('E_PASSWORD', $p)\n",
    },
    {
      bad: 'FROM debian:13\nRUN dotnet nuget add source https://a.org/v3 -u a -p «s3cret» --store-password-in-clear-text && dotnet run -p app.csproj\n',
    },
  ],
  *check({ steps }) {
    for (const step of steps) {
      for (const [i, command] of step.commands.entries()) {
        const found = [...ofOptions(command), ...ofAddresses(command), ...ofInput(step, i), ...ofVariables(command)];
        for (const password of found)
          yield problem(password, 'read it from a mounted secret (RUN --mount=type=secret,id=…), or set it');
      }
      // Windows containers have no secret mounts.
      for (const command of step.script?.windows ?? []) {
        const found = [...ofOptions(command), ...ofAddresses(command), ...ofWindows(command), ...ofVariables(command)];
        for (const password of found) yield problem(password, 'set it');
      }
    }
  },
});

function problem({ at, what }: Password, help: string): Problem {
  return {
    at,
    message: `the password ${what} can be read in the history of the image`,
    help: `${help} when the container starts`,
  };
}

interface Password {
  readonly at: Span;
  /** `for mysql` */
  readonly what: string;
}

/** A password itself, and not a variable, a path, or nothing. */
function isPassword(text: string): boolean {
  return !isOpenValue(text) && !/[$`{}<>]|^(-|\/|\.\/|~)/.test(text);
}

/** The piece `text` of a word that stands behind `before`; the whole word where quotes or escapes are in the way. */
function piece({ span, raw }: Pick<ShellWord, 'span' | 'raw'>, before: string, text: string): Span {
  const at = raw.indexOf(before + text);
  if (at < 0 || raw.length !== span.end - span.start) return span;
  const start = span.start + at + before.length;
  return { start, end: start + text.length };
}

/** Options that take a password, beside those that are called so: joined (`-pX`) or as the next word (`-p X`); `beside` another word, as `docker run -p 80:80` is another -p. */
const options: readonly {
  readonly tool: RegExp;
  readonly joined?: RegExp;
  readonly next?: RegExp;
  readonly beside?: RegExp;
}[] = [
  { tool: /^(mysql\w*|mariadb[\w-]*)$/, joined: /^-p(?=.)/ },
  { tool: /^sshpass$/, joined: /^-p(?=.)/, next: /^-p$/ },
  { tool: /^(useradd|usermod)$/, next: /^-[a-zA-Z]*p$/ },
  { tool: /^(docker|podman|buildah|skopeo|helm|oras|crane|az)$/, next: /^-p$/, beside: /^login$/ },
  { tool: /^redis-cli$/, next: /^-a$/ },
  { tool: /^(dotnet|nuget)$/, next: /^-p$/, beside: /^sources?$/ },
  { tool: /^openssl$/, joined: /^pass:(?=.)/, next: /^-(k|passin|passout)$/ },
];
const namedOption = /^(--?([a-z]+-)*(password|passwd|passphrase|token|secret|api-?key|access-key|secret-key))(=|$)/i;
const userTools = /^(curl|http|https|xh)$/;

function* ofOptions({ name, words }: Command): Iterable<Password> {
  const syntax = options.filter(
    ({ tool, beside }) => tool.test(name) && (!beside || words.some(({ text }) => beside.test(text))),
  );
  const what = `for ${name}`;
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    const joined = syntax.map((each) => each.joined?.exec(word.text)?.[0]).find((each) => each !== undefined);
    const named = namedOption.exec(word.text);
    const isNext =
      syntax.some((each) => each.next?.test(word.text)) || (named && named[4] === '' && !isSwitch(word.text));
    const before = joined ?? (named && named[4] === '=' ? `${named[1]}=` : undefined);
    if (before !== undefined) {
      const text = word.text.slice(before.length);
      if (isPassword(text)) yield { at: piece(word, before, text), what };
    } else if (isNext && next && !/^(pass|env|file|fd):|^stdin$/.test(next.text) && isPassword(next.text))
      yield { at: next.span, what };
    if (userTools.test(name)) yield* ofUser(word, next, what);
  }
  if (name === 'htpasswd' && words.some(({ text }) => /^-[a-zA-Z]*b/.test(text))) yield* last(words, what);
  if (name === 'openssl' && words[1]?.text === 'passwd' && words.length > 2) yield* last(words, what);
}

/** `net user NAME PASSWORD /add`, and switches of installers: `/SAPWD=…`, `/pass:…`. */
function* ofWindows({ name, words }: Command): Iterable<Password> {
  const what = `for ${name}`;
  const [, subcommand, , password] = words;
  if (name === 'net' && /^users?$/i.test(subcommand?.text ?? '') && password && isPassword(password.text))
    yield { at: password.span, what };
  for (const word of words) {
    const [, before = '', text = ''] = /^(\/(?:\w{0,40}(?:pwd|password)|pass)[:=])(.+)$/is.exec(word.text) ?? [];
    if (isPassword(text)) yield { at: piece(word, before, text), what };
  }
}

/** `--disabled-password`, `--no-token` take no value. */
function isSwitch(text: string): boolean {
  return /^--?(\w+-)*(disabled?|no|empty|skip|allow|enable|without|with|reset|expire|force|prompt|ask|show|require)-/.test(
    text,
  );
}

function* last(words: readonly ShellWord[], what: string): Iterable<Password> {
  const word = words.at(-1);
  if (word && isPassword(word.text)) yield { at: word.span, what };
}

/** `-u user:password` */
function* ofUser(word: ShellWord, next: ShellWord | undefined, what: string): Iterable<Password> {
  const own = /^(-u|--user=|--proxy-user=|-U)(?=.)/.exec(word.text)?.[0];
  const value = own !== undefined ? word : /^(-u|--user|-U|--proxy-user|-a|--auth)$/.test(word.text) ? next : undefined;
  const match = /([^:]*:)(.+)/.exec(value?.text.slice(own?.length ?? 0) ?? '');
  if (value && match?.[1] !== undefined && match[2] !== undefined && isPassword(match[2])) {
    yield { at: piece(value, match[1], match[2]), what };
  }
}

/** `https://user:password@host` */
function* ofAddresses({ words }: Command): Iterable<Password> {
  for (const word of words) {
    const match = /[a-z][a-z0-9+.-]{1,30}(:\/\/[^\s/?#:@'"]{1,200}:)([^\s/?#@'"]{1,200})@[\w[$]/i.exec(word.text);
    const [, before = '', text = ''] = match ?? [];
    if (isPassword(text)) yield { at: piece(word, before, text), what: 'in the address' };
  }
}

/** `echo user:password | chpasswd`, `echo password | passwd user`. */
function* ofInput({ commands }: Step, index: number): Iterable<Password> {
  const command = commands[index];
  if (!command || !/^(chpasswd|passwd)$/.test(command.name)) return;
  const source = commands[index - 1];
  const isPiped = source?.pipeline.id === command.pipeline.id && (source.name === 'echo' || source.name === 'printf');
  const piped = isPiped ? source.words.slice(1).filter(({ text }) => !/^(-[neE]+|(%s|\\n)+)$/.test(text)) : [];
  const given = command.redirects.flatMap(({ operator, target }) => (operator === '<<<' && target ? [target] : []));
  for (const word of [...piped, ...given]) {
    const [, before = '', text = ''] =
      command.name === 'passwd' ? [word.text, '', word.text] : (/([^:]*:)(.+)/s.exec(word.text) ?? []);
    if (!isPassword(text)) continue;
    yield {
      at: before === '' ? word.span : piece(word, before, text.replace(/\\n$/, '')),
      what: `for ${command.name}`,
    };
  }
}

/** What builds need a value for and never use. */
const dummy = /^(dummy|fake|placeholder|build|unused|test|x+|changeme|\d)$/i;

function* ofVariables(command: Command): Iterable<Password> {
  for (const { name, value, span } of assignedBy(command)) {
    if (!value || !/(pass(word|wd|phrase)?|_pwd)$/i.test(name) || /(ask|by|com)pass$/i.test(name)) continue;
    if (!isPassword(value.text) || dummy.test(value.text)) continue;
    const isWhole = value.span.start === span.start;
    const start = isWhole ? Math.max(span.start, span.end - value.text.length) : value.span.start;
    yield { at: { start, end: span.end }, what: `in ${name}` };
  }
}
