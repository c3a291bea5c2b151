import { DlintError } from '../../../errors.ts';
import { fields, text } from '../json.ts';
import { followAddress } from './address.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { RegistryClient } from './client.ts';
import type { Credentials, FoundCredentials } from './credentials.ts';
import { isPassingFailure, networkError } from './network-error.ts';
import { refusal } from './refusal.ts';
import { isPassingStatus, pause, retryAfter } from './retry.ts';
import { type Answer, type Outgoing, send } from './transport.ts';

const LONGEST_ANSWER = 1024 * 1024;

interface AuthorizeOptions {
  readonly client: RegistryClient;
  readonly found: FoundCredentials;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The value of `Authorization` that answers a 401: a token of the realm that a Bearer challenge names
 * (distribution-spec, "Token Authentication"), else Basic. Throws `E_REGISTRY`.
 */
export async function authorize(answer: Answer, options: AuthorizeOptions): Promise<string> {
  const { client, found } = options;
  const challenges = parseChallenges(answer.header('www-authenticate') ?? '');
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer && found.credentials?.kind === 'bearer') return bearerHeader(found.credentials.token, client);
  if (bearer) return await fetchToken(bearer, options);
  const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
  if (isBasic && found.credentials?.kind === 'password') return basicHeader(found.credentials);
  throw await refusal(answer, { client, credentials: isBasic ? found : undefined });
}

function basicHeader({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A token of other characters would be shown by the error that `fetch` throws. */
function bearerHeader(token: string, { origin }: RegistryClient): string {
  if (/^[\x21-\x7e]{1,65536}$/.test(token)) return `Bearer ${token}`;
  throw new DlintError('E_REGISTRY', `the token for ${origin.host} is none`, { where: origin.host });
}

async function fetchToken({ parameters }: Challenge, options: AuthorizeOptions): Promise<string> {
  const { client, found, signal } = options;
  const realm = followAddress(client.url(''), parameters.get('realm') ?? '', 'token realm');
  const query = {
    service: parameters.get('service'),
    scope: parameters.get('scope') ?? `repository:${client.repository}:pull`,
  };
  if (found.credentials?.kind === 'identity') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'dlint',
      ...(query.service !== undefined && { service: query.service }),
      scope: query.scope,
      refresh_token: found.credentials.token,
    });
    const answer = await ask({ url: realm, form, signal }, options);
    // Servers from before OAuth know only GET.
    if (answer.status !== 404 && answer.status !== 405) return await readToken(answer, options);
    answer.discard();
  }
  const url = new URL(realm);
  if (query.service !== undefined) url.searchParams.set('service', query.service);
  for (const scope of query.scope.split(' ')) url.searchParams.append('scope', scope);
  return await readToken(await ask({ url, authorization: realmHeader(found.credentials), signal }, options), options);
}

function realmHeader(credentials: Credentials | undefined): string | undefined {
  if (credentials?.kind === 'password') return basicHeader(credentials);
  if (credentials?.kind === 'identity') {
    return basicHeader({ username: credentials.username, password: credentials.token });
  }
  return undefined;
}

async function ask(outgoing: Outgoing, { client: { policy }, signal }: AuthorizeOptions): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await send(outgoing, policy);
      const asked = retryAfter(answer.header('retry-after'), Date.now());
      const isLast = attempt >= policy.attempts || (asked ?? 0) > policy.longestDelay;
      if (!isPassingStatus(answer.status) || isLast) return answer;
      answer.discard();
      await pause(attempt, asked, policy, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DlintError) throw error;
      if (attempt >= policy.attempts || !isPassingFailure(error)) throw networkError(error, outgoing.url);
      await pause(attempt, undefined, policy, signal);
    }
  }
}

async function readToken(answer: Answer, { client, found }: AuthorizeOptions): Promise<string> {
  if (answer.status >= 300) throw await refusal(answer, { client, credentials: found });
  const where = `${answer.url.host}${answer.url.pathname}`;
  try {
    const body = fields(JSON.parse((await answer.bytes(LONGEST_ANSWER)).toString('utf8')));
    const token = text(body.get('token')) ?? text(body.get('access_token'));
    if (token) return bearerHeader(token, client);
  } catch (error) {
    if (error instanceof DlintError) throw error;
    // What could not be parsed may hold the token: neither it nor its error goes any further.
  }
  throw new DlintError('E_REGISTRY', `${answer.url.host} gives no token`, { where });
}
