import {
  assignedVariables,
  type Command,
  defineRule,
  download,
  type Edit,
  isNear,
  pip,
  removeWords,
  replace,
  type ShellWord,
  verifiedSteps,
  webAddress,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'tls-off',
  category: 'security',
  severity: 'warning',
  summary: 'certificates are not checked',
  why: 'Without the check of its certificate, anybody on the way can answer for the server: what is downloaded is then what they send, and what is sent (tokens, passwords) is theirs. With ENV it is switched off in every container, too. What is missing is nearly always the package ca-certificates, or the certificate of a proxy.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN curl -sSL «-k» -o /a https://example.org/a && wget «--no-check-certificate» https://example.org/b\n',
      good: 'FROM debian:13\nRUN curl -sSL -o /a https://example.org/a && wget https://example.org/b\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl «-fkL» https://example.org/a | tar x; curl https://example.org/b «--insecure»\n',
      good: 'FROM debian:13\nRUN curl -fL https://example.org/a | tar x; curl https://example.org/b\n',
    },
    { bad: 'FROM debian:13\nRUN ["curl", «"-k"», "https://example.org/a"]\n' },
    {
      bad: 'FROM python:3.13\nRUN pip install «--trusted-host» pypi.org flask && pip3 download «--trusted-host=files.pythonhosted.org» a && pip config set «global.trusted-host» pypi.org\n',
      good: 'FROM python:3.13\nRUN pip install flask && pip3 download a && pip config set global.cert /cert.pem\n',
      fixed: false,
    },
    { bad: 'FROM node:22\nENV «NODE_TLS_REJECT_UNAUTHORIZED=0» A=b\nARG «npm_config_strict_ssl=false»\n' },
    { bad: 'FROM debian:13\nENV «GIT_SSL_NO_VERIFY=1» «PYTHONHTTPSVERIFY=0» «PIP_TRUSTED_HOST=pypi.org»\n' },
    {
      bad: 'FROM debian:13\nRUN «GIT_SSL_NO_VERIFY=true» git clone https://example.org/a; export «NODE_TLS_REJECT_UNAUTHORIZED=0»\n',
    },
    {
      bad: 'FROM node:22\nRUN npm config set «strict-ssl» false && yarn config set «strict-ssl=false» -g && npm ci «--strict-ssl=false»\n',
      good: 'FROM node:22\nRUN npm config set cafile /cert.pem\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nRUN git config --global «http.sslVerify» false && git -c «http.sslverify=false» clone https://example.org/a\n',
    },
    {
      bad: 'FROM fedora:42\nRUN dnf install -y «--setopt=sslverify=0» git && echo «"sslverify=false"» >> /etc/yum.conf\n',
      good: 'FROM fedora:42\nRUN dnf install -y git\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nRUN conda config --set «ssl_verify» no && composer config -g «disable-tls» true && bundle config «ssl_verify_mode» 0\n',
    },
    {
      bad: 'FROM debian:13\nRUN apt-get -o «Acquire::https::Verify-Peer=false» update; helm repo add a https://example.org «--insecure-skip-tls-verify»\n',
      good: 'FROM debian:13\nRUN apt-get update; helm repo add a https://example.org\n',
      fixed: false,
    },
    {
      bad: 'FROM debian:13\nRUN skopeo copy «--src-tls-verify=false» docker://example.org/a dir:/a; apk «--no-check-certificate» add a\n',
      good: 'FROM debian:13\nRUN skopeo copy docker://example.org/a dir:/a; apk add a\n',
    },
    {
      good: 'FROM debian:13\nRUN curl -k https://localhost:8443/health; wget --no-check-certificate https://10.0.0.1/a https://proxy/b\n',
    },
    {
      good: 'FROM debian:13\nRUN curl -kO https://example.org/a && echo "0  a" | sha256sum -c\n',
      note: 'The content is checked instead.',
    },
    {
      good: 'FROM debian:13\nRUN curl -K conf https://example.org/a -H -k; wget --check-certificate=on https://example.org/a\n',
    },
    {
      good: 'FROM node:22\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY="" PIP_TRUSTED_HOST=\nRUN npm config set strict-ssl true\nARG PIP_TRUSTED_HOST\n',
    },
    {
      good: 'FROM debian:13\nRUN grep -k a; git config --global http.sslVerify true; echo curl -k; dnf install --setopt=sslverify=1 a\n',
    },
    {
      good: 'FROM debian:13\nRUN composer config disable-tls false; conda config --set ssl_verify yes; apt-get -o Acquire::https::Verify-Peer=true update\n',
    },
    {
      bad: 'FROM debian:13\nRUN curl «"-fkL"» https://example.org/a\nRUN ["curl", «"-fkL"», "https://example.org/a"]\n',
    },
    { good: 'FROM debian:13\nRUN git grep http.sslVerify false && npm help strict-ssl false\n' },
    { bad: 'FROM debian:13\nRUN curl «-k» b.io/x -o a\n', good: 'FROM debian:13\nRUN curl b.io/x -o a\n' },
    { bad: 'FROM debian:13\nRUN curl «-k»\n', good: 'FROM debian:13\nRUN curl\n' },
    {
      bad: 'FROM debian:13\nRUN curl -k https://localhost/a localhost/b && curl «-k» https://127.0.0.1 https://b.io/x\n',
      good: 'FROM debian:13\nRUN curl -k https://localhost/a localhost/b && curl https://127.0.0.1 https://b.io/x\n',
    },
    { bad: 'FROM debian:13\nRUN ["curl", «"-sk"», "https://b.io/a"]\n' },
    { bad: 'FROM debian:13\nRUN printf «"[main]\\nsslverify=0\\n"» >> /etc/yum.conf\n' },
    { bad: 'FROM debian:13\nRUN curl «"-sk"» https://b.io/a && curl «-s\\\nk» https://b.io/a\n' },
    { bad: 'FROM debian:13\nRUN mytool --trusted-host x && pip install «--trusted-host» x a\n' },
    { bad: 'FROM debian:13\nRUN npm config set «strict-ssl» false && tool config set strict-ssl false\n' },
    { bad: "FROM debian:13\nRUN printf «'strict-ssl=false'» >> .npmrc && tool strict-ssl=false\n" },
    { bad: 'FROM debian:13\nRUN git -c «http.sslVerify=false» clone https://a.io/b && echo "abc b" | sha256sum -c\n' },
  ],
  *check(model) {
    for (const { name, value, span } of assignedVariables(model)) {
      if (!value || !switches.get(name.toUpperCase())?.test(value.text)) continue;
      yield { at: span, message: `${name} switches the check of certificates off`, help };
    }
    const verified = verifiedSteps(model);
    for (const { command, step } of model.allCommands) {
      const found = switchOf(command);
      if (!found || (download(command) && verified.has(step)) || isLocal(command)) continue;
      const { word, edit, what } = found;
      yield {
        at: word.span,
        message: `${what} does not check certificates`,
        help,
        ...(edit ? { fix: { title: 'Check certificates', safe: false, edits: [edit] } } : {}),
      };
    }
  },
});

const help = 'take it out; what is missing is the package ca-certificates, or the certificate of your own authority';

/** Nobody is in between. */
function isLocal(command: Command): boolean {
  const fetched = download(command);
  if (!fetched) return false;
  const hosts = fetched.urls.map(({ text }) => webAddress(text)?.host ?? /^[\w.-]+(?=[:/]|$)/.exec(text)?.[0] ?? '');
  return hosts.length > 0 && hosts.every((host) => host !== '' && isNear(host));
}

interface Switch {
  readonly word: ShellWord;
  readonly what: string;
  readonly edit?: Edit | undefined;
}

/** The word of a command that switches the check off. */
function switchOf(command: Command): Switch | undefined {
  const { name, words } = command;
  const fetched = download(command);
  if (fetched) {
    const names = fetched.tool === 'curl' ? ['-k', '--insecure', '--proxy-insecure'] : ['--no-check-certificate'];
    const found = fetched.options.find((each) => names.includes(each.name));
    return found && { word: found.word, what: name, edit: without(command, found.word, found.name) };
  }
  const flags = tools.find(({ tool }) => tool.test(name));
  const isPip = pip(command) !== undefined;
  const word = words.find(({ text }) => flags?.words.test(text) || (isPip && /^--trusted-host(=|$)/.test(text)));
  if (word)
    return { word, what: name, edit: !isPip && word.text.startsWith('--') ? removeWords(command, word) : undefined };
  const setting = settingOf(command);
  return setting && { word: setting, what: name };
}

/** `-fkL` without its `k`; other words go as a whole. */
function without(command: Command, word: ShellWord, option: string): Edit | undefined {
  if (word.text.startsWith('--') || word.text === option) return removeWords(command, word);
  if (command.exec || word.raw !== word.text || word.raw.length !== word.span.end - word.span.start) return undefined;
  return replace(word, word.text.replace(option.slice(1), ''));
}

/** Switches of programs, by their manuals. */
const tools: readonly { readonly tool: RegExp; readonly words: RegExp }[] = [
  { tool: /^(npm|npx|yarn|pnpm)$/, words: /^--(strict-ssl=false|no-strict-ssl)$/ },
  { tool: /^git$/, words: /^http\.sslverify=(false|0|no|off)$/i },
  { tool: /^(yum|dnf|dnf5|microdnf|tdnf|yum-config-manager)$/, words: /^--setopt=(.*\.)?sslverify=(0|false|no)$/i },
  { tool: /^(skopeo|podman|buildah)$/, words: /^--(src-|dest-)?tls-verify=(false|0)$/ },
  { tool: /^(helm|kubectl|oc|argocd)$/, words: /^--insecure-skip-tls-verify(=true)?$/ },
  { tool: /^apk$/, words: /^--no-check-certificate$/ },
  { tool: /^aria2c$/, words: /^--check-certificate=false$/ },
  { tool: /^svn$/, words: /^--trust-server-cert(-failures=.*)?$/ },
];

/** Programs that keep settings: `npm config set strict-ssl false`, `echo sslverify=0 >> …`. */
function settingOf({ name, words }: Command): ShellWord | undefined {
  if (name === 'echo' || name === 'printf') {
    return words.find(({ text }) => /(^|\n|\\n)(sslverify|strict-ssl)\s*=\s*(0|false)\b/i.test(text));
  }
  if (/^(apt-get|apt)$/.test(name)) {
    return words.find(({ text }) => /^(-o)?Acquire::https::(.*::)?Verify-(Peer|Host)=(false|0|no)$/i.test(text));
  }
  if (!words.some(({ text }) => text === 'config')) return undefined;
  return words.find(({ text }, i) => {
    const [key = '', own] = text.split(/=(.*)/s);
    const value = own ?? words[i + 1]?.text ?? '';
    return settings.some((each) => each.tool.test(name) && each.key.test(key) && each.off.test(value));
  });
}

const off = /^(0|false|no|off)$/i;
const settings: readonly { readonly tool: RegExp; readonly key: RegExp; readonly off: RegExp }[] = [
  { tool: /^(npm|yarn|pnpm)$/, key: /^(strict-ssl|enableStrictSsl)$/, off },
  { tool: /^git$/, key: /^http\.(.*\.)?sslverify$/i, off },
  { tool: /^(conda|mamba|micromamba)$/, key: /^ssl_verify$/, off },
  { tool: /^composer$/, key: /^disable-tls$/, off: /^(1|true)$/ },
  { tool: /^bundle$/, key: /^ssl_verify_mode$/, off: /^0$/ },
  { tool: /^pip3?(\.\d+)?$/, key: /\.trusted-host$/, off: /./ },
];

/** Variables that switch it off, with the values that do. */
const switches: ReadonlyMap<string, RegExp> = new Map([
  ['NODE_TLS_REJECT_UNAUTHORIZED', /^0$/],
  ['GIT_SSL_NO_VERIFY', /^(1|true|yes|on)$/i],
  ['PYTHONHTTPSVERIFY', /^0$/],
  ['NPM_CONFIG_STRICT_SSL', off],
  ['YARN_STRICT_SSL', off],
  ['YARN_ENABLE_STRICT_SSL', off],
  ['PIP_TRUSTED_HOST', /./],
  ['UV_INSECURE_HOST', /./],
  ['CONDA_SSL_VERIFY', off],
  ['BUNDLE_SSL_VERIFY_MODE', /^0$/],
  ['PERL_LWP_SSL_VERIFY_HOSTNAME', /^0$/],
  ['GOINSECURE', /./],
]);
