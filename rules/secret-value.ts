import {
  assignedVariables,
  defineRule,
  entropy,
  findSecrets,
  type Instruction,
  isMadeUp,
  isSecretName,
  type SemanticModel,
  type Span,
  type Word,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'secret-value',
  aliases: ['DS-0031'],
  category: 'security',
  severity: 'error',
  summary: 'a token, key or random password in the Dockerfile',
  why: 'It is in the history of the repository and of every image built from it. Taking it out of the file does not take it back: it has to be revoked.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN curl -H "X-Token: «ghp_q7Zt1LmX9bKc3VwRj5Yd8HsNf2Ga4PoTe6Qi»" https://api.github.com\n',
      good: 'FROM debian:13\nRUN --mount=type=secret,id=t curl -H "X-Token: $(cat /run/secrets/t)" https://api.github.com\n',
    },
    {
      bad: 'FROM debian:13\nENV X=«AKIAQ7ZT1LMX9BKC3VWR» AWS_SECRET_ACCESS_KEY=«q7Zt1LmX9bKc3VwRj5Yd8HsNf2Ga4PoTe6QiAbCd»\n',
    },
    { bad: 'ARG SECRET_KEY="«pZWEVzA7h2FcKLgVM3ec5Eiik7eU9Ehpf0»"\nFROM debian:13\n' },
    { bad: 'FROM debian:13\nENV SECRET_KEY=«pZWEVzA7h2FcK-LgVM3ec5Eiik7eU9Ehpf0»\n' },
    { bad: "FROM debian:13\nENV SECRET_KEY='«pZWEVzA7h2FcK-LgVM3ec5Eiik7eU9Ehpf0»'\n" },
    { bad: 'FROM debian:13\nRUN API_KEY=«pZWEVzA7h2FcKLgVM3ec» make && export B_TOKEN=«pZWEVzA7h2FcKLgVM3ed»\n' },
    { bad: 'FROM debian:13\nCOPY <<EOF /etc/app\nkey: «sk_live_q7Zt1LmX9bKc3VwRj5Yd8HsN»\nEOF\n' },
    { bad: 'FROM debian:13\nONBUILD LABEL a=b t=«glpat-q7Zt1LmX9bKc3VwRj5Yd»\n' },
    {
      bad: 'FROM debian:13\nRUN echo "«-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA7Zt1LmX9bKc3VwRj5Yd8HsNf2Ga4PoTe6Qi9f3Kd2Lm1Xz0QwErTyUiOp\\n-----END RSA PRIVATE KEY-----»" > k\n',
    },
    {
      bad: "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN setx API_KEY «pZWEVzA7h2FcKLgVM3ec» & set \"API_KEY=«pZWEVzA7h2FcKLgVM3ed»\"\nSHELL [\"powershell\", \"-Command\"]\nRUN $env:API_KEY = '«pZWEVzA7h2FcKLgVM3ef»'; \\\n  [Environment]::SetEnvironmentVariable('B_TOKEN', '«pZWEVzA7h2FcKLgVM3eg»', 'Machine'); $t = 'pZWEVzA7h2FcKLgVM3eh'\n",
    },
    {
      good: 'FROM debian:13\nENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n',
    },
    { good: 'FROM debian:13\nENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D DB_PASSWORD=benchmarkdbpass\n' },
    { good: 'FROM debian:13\nENV AUTH_SHA256=9f2c2b4a1c1c0a0a9f2c2b4a1c1c0a0a9f2c2b4a1c1c0a0a9f2c2b4a1c1c0a0a\n' },
    {
      good: 'FROM debian:13\nENV TOKEN=$A1b2C3d4E5f6G7h8 API_KEY=/etc/keys/7Zt1LmX9bKc3VwRj KEY="two words 7Zt1LmX9bKc3VwRj"\n',
    },
    {
      good: 'FROM debian:13\nRUN grep -q "-----BEGIN RSA PRIVATE KEY-----" /key && \\\n# ghp_q7Zt1LmX9bKc3VwRj5Yd8HsNf2Ga4PoTe6Qi\n    make\n',
    },
    {
      good: 'FROM debian:13\nENV SESSION=pZWEVzA7h2FcKLgVM3ec5Eiik7eU9Ehpf0\nRUN make SESSION=pZWEVzA7h2FcKLgVM3ec5Eiik7eU9Ehpf0\n',
    },
  ],
  *check(model) {
    const { source, instructions } = model.dockerfile;
    const tokens = instructions.flatMap((instruction) => tokensOf(instruction, source.text));
    const named = namedValues(model).map((word) => inner(word, source.text));
    for (const { span, kind } of [...tokens, ...named.map((span) => ({ span, kind: 'secret' }))]) {
      yield {
        at: span,
        message: `this looks like a real ${kind}`,
        help: 'revoke it; give it to a build with RUN --mount=type=secret, to a container when it starts',
      };
    }
  },
});

interface Token {
  readonly span: Span;
  readonly kind: string;
}

/** What shows by its shape, wherever it stands but in comments. */
function tokensOf({ span, comments }: Instruction, text: string): Token[] {
  const starts = [span.start, ...comments.map(({ end }) => end)];
  return starts.flatMap((start, i) => {
    const piece = text.slice(start, comments[i]?.start ?? span.end);
    return findSecrets(piece).map((found) => ({
      span: { start: start + found.start, end: start + found.end },
      kind: found.kind,
    }));
  });
}

/** Random values of variables that are called like secrets. */
function namedValues(model: SemanticModel): Pick<Word, 'text' | 'span'>[] {
  return assignedVariables(model).flatMap(({ name, value }) => {
    return value && isSecretName(name) && isRandom(value.text) && findSecrets(value.text).length === 0 ? [value] : [];
  });
}

/** At least sixteen characters, letters and digits mixed as by chance; no path, address, variable or fingerprint. */
function isRandom(text: string): boolean {
  if (
    !/^[\w+/=.~!@#%^&*-]{16,512}$/.test(text) ||
    /^[/.~]|:\/\//.test(text) ||
    /^([0-9A-F]{16}|[0-9A-F]{40})$/.test(text)
  ) {
    return false;
  }
  return /\d/.test(text) && /[A-Za-z]/.test(text) && entropy(text) >= 3.5 && !isMadeUp(text);
}

/** The value without quotes and without the name in front. */
function inner({ span, text }: Pick<Word, 'text' | 'span'>, source: string): Span {
  const at = source.slice(span.start, span.end).lastIndexOf(text);
  return at < 0 ? span : { start: span.start + at, end: span.start + at + text.length };
}
