import { DlintError } from '../../../errors.ts';
import { fields, list, text } from '../json.ts';
import type { RegistryClient } from './client.ts';
import type { FoundCredentials } from './credentials.ts';
import { HUB_HOSTS } from './reference.ts';
import type { Answer } from './transport.ts';

export interface RefusalContext {
  readonly client: RegistryClient;
  readonly credentials: FoundCredentials | undefined;
  /** Milliseconds the server asks to wait. */
  readonly asked?: number | undefined;
}

const LONGEST_BODY = 64 * 1024;

/** What a status that is no success means to a person. Reads the answer's body. */
export async function refusal(answer: Answer, { client, credentials, asked }: RefusalContext): Promise<DlintError> {
  const reasons = await errorCodes(answer);
  const { host } = client.origin;
  const { status } = answer;
  const detail = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
  const error = (message: string, hint: string): DlintError =>
    new DlintError('E_REGISTRY', `${message}${detail}`, { where: `${answer.url.host}${answer.url.pathname}`, hint });
  if (status === 401 || status === 403) return error(...denied(status, client, credentials));
  if (status === 404) {
    return error(`${host} has no such thing in ${client.repository}`, 'check the name, the tag and the platform');
  }
  if (status === 429) {
    const wait = asked === undefined ? 'later' : `in ${Math.ceil(asked / 1000)} seconds`;
    return error(`${host} was asked too often`, `try again ${wait}; with credentials it often allows more`);
  }
  if (status >= 500) return error(`${host} fails with status ${status}`, 'try again later');
  return error(`${host} answers with status ${status}`, 'is this a container registry?');
}

function denied(
  status: number,
  { origin, repository }: RegistryClient,
  found: FoundCredentials | undefined,
): [string, string] {
  const host = HUB_HOSTS.includes(origin.host) ? 'docker.io' : origin.host;
  const login = `docker login ${host === 'docker.io' ? '' : host}`.trim();
  const problems = found?.problems.length ? `; ${found.problems.join('; ')}` : '';
  if (found?.credentials) {
    const message =
      status === 401
        ? `${host} does not take the credentials of ${found.from}`
        : `the credentials of ${found.from} do not allow to read ${repository} of ${host}`;
    return [message, `${login}${problems}`];
  }
  return [
    `${host} lets nobody read ${repository} without credentials, or there is no such repository`,
    `${login}${problems}`,
  ];
}

/** `code`s of the body (OCI distribution-spec, "Error Codes"). Messages are the server's own words and stay out. */
async function errorCodes(answer: Answer): Promise<string[]> {
  try {
    const body = fields(JSON.parse((await answer.bytes(LONGEST_BODY)).toString('utf8')));
    const codes = list(body.get('errors')).map((item) => text(fields(item).get('code')) ?? '');
    return [...new Set(codes.filter((code) => /^[A-Z_]{1,40}$/.test(code)))].slice(0, 3);
  } catch {
    return [];
  }
}
