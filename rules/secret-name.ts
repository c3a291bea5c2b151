import { defineRule, type Instruction, isKeyName, isOpenValue, isSecretName, type Pair } from '../src/lint/rule.ts';

export default defineRule({
  id: 'secret-name',
  aliases: ['DL3064', 'SecretsUsedInArgOrEnv', 'DS-0031'],
  category: 'security',
  severity: 'warning',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'ARG or ENV for a secret',
  why: 'Values of ENV and of build arguments are written into the configuration and the history of the image, and into its provenance. Whoever can pull the image can read them: `docker history --no-trunc`.',
  examples: [
    {
      bad: 'FROM node:22\nARG «NPM_TOKEN»\nRUN npm ci\n',
      good: 'FROM node:22\nRUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci\n',
      fixed: false,
    },
    { bad: 'FROM debian:13\nENV A=b «DB_PASSWORD»=hunter2 «githubToken»=x\n' },
    { bad: 'FROM debian:13\nENV «sa_password» "Password123"\n' },
    { bad: 'ARG «API_KEY»=\nFROM debian:13\n', note: 'An empty default is there to be given a value.' },
    { bad: 'FROM debian:13\nARG CI\nENV «MY_SECRET»=$CI «AUTH»=${CI}\n' },
    { bad: 'FROM debian:13\nONBUILD ARG «NPM_TOKEN»\n' },
    { bad: 'FROM debian:13\nENV «AUTH»=https://a:b@c «STRIPE_KEY»=9f8a7b\nARG «COMPOSER_AUTH»={}\n' },
    { good: 'FROM debian:13\nENV TOKENIZERS_PARALLELISM=false POSTGRES_PASSWORD_FILE=/run/secrets/db USERNAME=app\n' },
    {
      good: 'FROM debian:13\nENV SSH_AUTH_SOCK=/ssh SSH_KEY_DIR=/ssh GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D\n',
    },
    { good: 'FROM debian:13\nARG CACHE_KEY\nENV MAX_TOKENS=100\n' },
    { good: 'FROM debian:13\nENV DB_PASSWORD="" ALLOW_EMPTY_PASSWORD=yes ENABLE_AUTH=1\n' },
    { good: 'FROM debian:13\nENV JWT_SECRET=/run/secrets/jwt TLS_KEY=$HOME/tls.key AUTH=https://login.example.com/\n' },
    { good: 'FROM debian:13\nENV SIGNING=x RELEASE_KEY="F7CC 7D60 A9B2 41FB 5FC8  0C8A 9F2C 2B4A 1C1C 0A0A"\n' },
    { good: 'FROM debian:13\nENV FILTER_KEY=ProcessId\nLABEL TOKEN=x\n' },
  ],
  deviations: [
    {
      code: 'DL3064',
      what: 'names that only contain such a word (TOKENIZERS_PARALLELISM, USERNAME, …_FILE) are silent',
      why: 'they hold no secret',
    },
    {
      code: 'DL3064',
      what: 'silent for values that are empty (ENV), switches, paths, addresses or fingerprints',
      why: 'such a value gives nothing away',
    },
    { code: 'DL3064', what: 'also PASS, AUTH, DSN and the like', why: 'they name the same things' },
    {
      code: 'SecretsUsedInArgOrEnv',
      what: 'silent for names of places and properties, and for values that are empty (ENV), switches, paths, addresses or fingerprints',
      why: 'such a value gives nothing away',
    },
    {
      code: 'SecretsUsedInArgOrEnv',
      what: 'also camelCase, joined names (DBPASSWORD), PASS, DSN, JWT and the like',
      why: 'they name the same things',
    },
  ],
  *check({ preamble, steps }) {
    const instructions = [...preamble, ...steps.map(({ instruction }) => instruction)];
    for (const instruction of instructions) {
      if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue;
      for (const pair of instruction.pairs) {
        if (!isSecretName(pair.key.text) || isPublic.test(pair.key.text) || isHarmless(pair, instruction)) continue;
        const { text } = pair.key;
        yield {
          at: pair.key.span,
          message:
            instruction.keyword === 'ARG'
              ? `the build argument ${text} can be read in the history or provenance of the image`
              : `${text} is stored in the image, for everybody to read`,
          help:
            instruction.keyword === 'ARG'
              ? `mount it where it is needed: RUN --mount=type=secret,id=${text},env=${text} …`
              : 'give it to the container when it starts; in a build, mount it: RUN --mount=type=secret,…',
        };
      }
    }
  },
});

/** Made to be in what is handed out: `NEXT_PUBLIC_API_KEY`, `STRIPE_PUBLISHABLE_KEY`. */
const isPublic = /(?:^|[_.-])(?:public|publishable)(?:[_.-]|$)/i;

function isHarmless({ key, value }: Pair, { keyword }: Instruction): boolean {
  if (value === undefined) return false;
  const { text } = value;
  if (text === '') return keyword === 'ENV';
  if (isKeyName(key.text) && /^[A-Za-z]+$/.test(text)) return true;
  return (isOpenValue(text) && !text.startsWith('$')) || harmless.some((pattern) => pattern.test(text));
}

const harmless: readonly RegExp[] = [
  /^\d{1,4}$/,
  // A path.
  /^(\.{0,2}|~|\$\w+|\$\{\w+\}|[A-Za-z]:)[/\\]/,
  // An address without a user.
  /^[a-z][a-z+.-]{0,20}:\/\/[^@]*$/i,
  // The fingerprints or ids of public keys: 8 to 64 hexadecimal digits, perhaps in groups.
  /^(0x)?([0-9A-F]{16}|[0-9A-F]{40}|[0-9A-F]{4}( {1,2}[0-9A-F]{4}){9})$/,
];
