import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyName, isSecretName } from '../../src/report/secret-names.ts';
import { entropy, findSecrets, MASK, maskText } from '../../src/report/secrets.ts';
import { cpuTime } from '../support/cpu-time.ts';

describe('isSecretName', () => {
  it.each([
    'PASSWORD', 'DB_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'DBPASSWORD', 'PGPASSWORD', 'db.password', 'MYSQL_PWD', 'SECRET', 'API_KEY',
    'APIKEY', 'apiKey', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'GITHUB_TOKEN', 'NPM_TOKEN', 'githubToken', 'JWT_SECRET',
    'SECRET_KEY_BASE', 'RAILS_MASTER_KEY', 'STRIPE_KEY', 'SSH_PRIVATE_KEY', 'CREDENTIALS', 'REDIS_AUTH', 'SENTRY_DSN', '_authToken',
  ])('%s is', (name) => expect(isSecretName(name)).toBe(true)); // biome-ignore format: a list

  it.each([
    'PATH', 'PWD', 'OLDPWD', 'HOME', 'GPG_KEY', 'GPG_KEYS', 'PUBLIC_KEY', 'POSTGRES_PASSWORD_FILE', 'TOKEN_URL', 'SSH_AUTH_SOCK',
    'KEYBOARD', 'MONKEY', 'TOKENIZERS_PARALLELISM', 'AUTHOR', 'COMPASS', 'PASSENGER_VERSION', 'SECRETARY', 'PYTHON_SHA256', 'SORT_KEY',
  ])('%s is not', (name) => expect(isSecretName(name)).toBe(false)); // biome-ignore format: a list
});

describe('maskText', () => {
  it.each([
    ['RUN NPM_TOKEN=abc123 npm ci', `RUN NPM_TOKEN=${MASK} npm ci`],
    ['|1 DB_PASSWORD=hunter2 /bin/sh -c make', `|1 DB_PASSWORD=${MASK} /bin/sh -c make`],
    ['ENV DB_PASSWORD="two words" A=b', `ENV DB_PASSWORD=${MASK} A=b`],
    ["mysql --password='x y' -h db", `mysql --password=${MASK} -h db`],
    ['login --username me --token s3cr3t', `login --username me --token ${MASK}`],
    ['curl -u user:hunter2 https://a.b', `curl -u user:${MASK} https://a.b`],
    ['git clone https://me:ghx@github.com/a/b', `git clone https://me:${MASK}@github.com/a/b`],
    ['curl -H "Authorization: Bearer abcdefgh" x', `curl -H "Authorization: Bearer ${MASK}" x`],
    [`x ghp_${'a1'.repeat(18)} y`, `x ${MASK} y`],
    ['key AKIAIOSFODNN7EXAMPLE', `key ${MASK}`],
    ['t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', `t ${MASK}`],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', MASK],
  ])('%s', (text, masked) => expect(maskText(text)).toBe(masked));

  it.each([
    'RUN apt-get install -y --no-install-recommends curl=7.88.1-10',
    'ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
    'RUN echo "$DB_PASSWORD" && PASSWORD=$DB_PASSWORD run',
    'RUN --mount=type=secret,id=npm_token cat /run/secrets/npm_token',
    'COPY file:4ff8c1a in /',
    'FROM user@sha256:abc',
  ])('leaves %s', (text) => expect(maskText(text)).toBe(text));

  it('takes linear time on hostile text', () => {
    const start = cpuTime();
    for (const part of ['a="', "a='", 'a=', '--p ', '-', '://:', 'eyJ', '-u a:', 'A_', '\\"'])
      maskText(part.repeat(30_000));
    expect(cpuTime() - start).toBeLessThan(10_000);
  });
});

describe('findSecrets', () => {
  const found = (text: string): string[] =>
    findSecrets(text).map(({ start, end, kind }) => `${kind}: ${text.slice(start, end)}`);
  const random = 'q7Zt1LmX9bKc3VwRj5Yd8HsNf2Ga';
  const hex = '9f3c1b7e2a8d4f60c5e1b9a7d3f208e6b4c1a5d7';

  it.each([
    [`a ghp_${random} b`, `GitHub token: ghp_${random}`],
    ['AKIAQ7ZT1LMX9BKC3VWR', 'AWS access key: AKIAQ7ZT1LMX9BKC3VWR'],
    [`https://hooks.slack.com/services/T0A/B1C/${random}`, `Slack webhook: T0A/B1C/${random}`],
    [`glpat-${random}`, `GitLab token: glpat-${random}`],
    [`"sk_live_${random}"`, `Stripe key: sk_live_${random}`],
    [`dckr_pat_${random}`, `Docker token: dckr_pat_${random}`],
    [`AccountKey=${random}${random}${random}==;`, `Azure account key: ${random}${random}${random}==`],
    [`gho_${random}`, `GitHub token: gho_${random}`],
    [`github_pat_${random}`, `GitHub token: github_pat_${random}`],
    ...['glptt', 'gldt', 'glrt', 'glcbt', 'glft', 'glsoat'].map((kind) => [
      `${kind}-${random}`,
      `GitLab token: ${kind}-${random}`,
    ]),
    [`xoxb-${random}`, `Slack token: xoxb-${random}`],
    [`rk_test_${random}`, `Stripe key: rk_test_${random}`],
    [`sk-${random}`, `API key: sk-${random}`],
    [`AIza${random}Ab3Cd5E`, `Google API key: AIza${random}Ab3Cd5E`],
    [`GOCSPX-${random}`, `Google OAuth secret: GOCSPX-${random}`],
    [`npm_${random}2x`, `npm token: npm_${random}2x`],
    [`pypi-AgE${random}`, `PyPI token: pypi-AgE${random}`],
    [`rubygems_${hex}`, `RubyGems key: rubygems_${hex}`],
    [`dckr_oat_${random}`, `Docker token: dckr_oat_${random}`],
    [`dop_v1_${hex}`, `DigitalOcean token: dop_v1_${hex}`],
    ...['hvs', 'hvb', 'hvr'].map((kind) => [`${kind}.${random}`, `Vault token: ${kind}.${random}`]),
    [`SG.${random}.${random}`, `SendGrid key: SG.${random}.${random}`],
    [`glsa_${random}2x`, `Grafana token: glsa_${random}2x`],
    [`glc_${random}2x`, `Grafana token: glc_${random}2x`],
    [
      `AGE-SECRET-KEY-1${random}${random}`.toUpperCase(),
      `age key: AGE-SECRET-KEY-1${`${random}${random}`.toUpperCase()}`,
    ],
    [`eyJ${random}.${random}.${random}`, `JSON Web Token: eyJ${random}.${random}.${random}`],
  ])('%s', (text, expected) => expect(found(text)).toEqual([expected]));

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    `pk_live_${random}`,
    'pip install pypi-simple-repository-mirror',
    'https://user:password@example.com/',
    'npm_config_registry=https://registry.example.com',
  ])('not in %s', (text) => expect(found(text)).toEqual([]));

  it('gives several in order', () => {
    expect(found(`hf_${random} AKIAQ7ZT1LMX9BKC3VWR`)).toHaveLength(2);
    expect(found(`hf_${random} AKIAQ7ZT1LMX9BKC3VWR`)[0]).toMatch(/^Hugging/);
  });
});

describe('entropy', () => {
  it('is in bits per character', () => {
    expect(entropy('')).toBe(0);
    expect(entropy('aaaa')).toBe(0);
    expect(entropy('abab')).toBe(1);
    expect(entropy('0123456789abcdef')).toBe(4);
  });
});

describe('words of names', () => {
  /** The same in one expression each, which is slower to start with. */
  const secret =
    /(?:^|[_.-])(?:pass(?:wd|word|phrase)?|passwds|passwords|passphrases|pwd|pw|pword|secrets?|tokens?|api[_-]?keys?|credentials?|creds?|auth|bearer|private[_-]?key|signing[_-]?key|encryption[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|master[_-]?key|ssh[_-]?key|deploy[_-]?key|license[_-]?key|dsn|cookie|jwt|pat)(?:$|[_.-])/i;
  const about =
    /(?:[_.-](?:files?|path|dir|directory|url|uri|host|port|endpoint|sock|socket|name|ttl|timeout|expiry|expiration|expires|enabled?|disabled?|required|type|method|mode|length|size|min|max|algorithm|algo|issuer|audience|header|realm|provider|server|service|version|store|user|username|sha(?:1|256|512)?(?:sums?)?|checksums?|digest|md5|commit|revision|ref|tag|branch|image|repo|repository|package|plugin|module))$|^(?:old)?pwd$/i;
  const parts =
    `api key keys keyid id access private secret master pass passwords pwd oldpwd jwt dsn file files sha256sums enable enabled path my x
    KEY Token TOKENS Auth user`.split(/\s+/);

  it('are those of the expressions', () => {
    const part = fc.constantFrom(...parts);
    const name = fc
      .tuple(part, fc.array(fc.tuple(fc.constantFrom('_', '-', '.', ''), part), { maxLength: 3 }))
      .map(([first, rest]) => first + rest.flat().join(''));
    fc.assert(
      fc.property(name, (each) => {
        const words = each.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
        const isSure = secret.test(words) && !about.test(words);
        if (isSure) expect(isSecretName(each)).toBe(true);
        if (about.test(words)) expect(isSecretName(each)).toBe(false);
        if (secret.test(words)) expect(isKeyName(each)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});
