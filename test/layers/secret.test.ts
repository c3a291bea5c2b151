import { describe, expect, it } from 'vitest';
import { isSecretName, MASK, maskCreatedBy, maskText, maskVariable, secretValues } from '../../src/layers/secret.ts';

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
    const start = performance.now();
    for (const part of ['a="', "a='", 'a=', '--p ', '-', '://:', 'eyJ', '-u a:', 'A_', '\\"'])
      maskText(part.repeat(30_000));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('maskCreatedBy', () => {
  it.each([
    ['|2 TOKEN=two words A=b /bin/sh -c make', `|2 TOKEN=${MASK} A=b /bin/sh -c make`],
    ['RUN |1 TOKEN=x y /bin/bash -c make # buildkit', `RUN |1 TOKEN=${MASK} /bin/bash -c make # buildkit`],
    ['ENV A=b c TOKEN=x y # buildkit', `ENV A=b c TOKEN=${MASK} # buildkit`],
    ['/bin/sh -c #(nop)  ENV TOKEN=x y', `/bin/sh -c #(nop)  ENV TOKEN=${MASK}`],
    ['RUN TOKEN=x make', `RUN TOKEN=${MASK} make`],
  ])('%s', (createdBy, masked) => expect(maskCreatedBy(createdBy)).toBe(masked));

  it('takes linear time on hostile text', () => {
    const start = performance.now();
    for (const part of ['|1 a=b ', 'ENV ', ' A=', '\n', ' /bin/sh']) maskCreatedBy(`|1 ${part.repeat(30_000)}`);
    for (const part of ['a=b ', ' ', '# buildkit', '\n']) maskCreatedBy(`ENV ${part.repeat(30_000)}`);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('variables', () => {
  it('are masked by name or by value', () => {
    expect(maskVariable('DB_PASSWORD=hunter2')).toBe(`DB_PASSWORD=${MASK}`);
    expect(maskVariable('DATABASE_URL=postgres://app:hunter2@db/app')).toBe(
      `DATABASE_URL=postgres://app:${MASK}@db/app`,
    );
    expect(maskVariable('PASSWORD=')).toBe('PASSWORD=');
    expect(maskVariable('LANG=C.UTF-8')).toBe('LANG=C.UTF-8');
  });

  it('give the values to look for elsewhere', () => {
    expect(secretValues(['A_TOKEN=long-enough', 'B_TOKEN=abc', 'PATH=/usr/bin:/bin'])).toEqual(['long-enough']);
  });
});
