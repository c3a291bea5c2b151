import { DlintError } from '../../../errors.ts';

/** The server sent too little for too long. */
export class Stalled extends Error {
  readonly code = 'ESTALLED';
}

/** The code of the innermost cause: `fetch` wraps what happened more than once. */
function failureCode(error: unknown): string {
  let code = '';
  let at = error;
  for (let depth = 0; at instanceof Error && depth < 8; depth++) {
    const own = (at as NodeJS.ErrnoException).code;
    if (typeof own === 'string') code = own;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return code;
}

const FINAL = /^(?:ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|EACCES|ERR_INVALID|ERR_UNKNOWN)/;

/** Whether the same request may do better the next time. */
export function isPassingFailure(error: unknown): boolean {
  const code = failureCode(error);
  return code !== '' && !FINAL.test(code) && !isTlsFailure(code);
}

function isTlsFailure(code: string): boolean {
  return isCertificateFailure(code) || /^(?:ERR_SSL|ERR_TLS|EPROTO$)/.test(code);
}

function isCertificateFailure(code: string): boolean {
  return /CERT|UNABLE_TO_|SELF_SIGNED|CRL_|ERR_TLS_CERT/.test(code);
}

/** Whether a server that was spoken to in TLS does not seem to know it. */
export function speaksNoTls(error: unknown): boolean {
  return /^(?:ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO|ERR_SSL_HTTP_REQUEST|ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)/.test(
    failureCode(error),
  );
}

/** What a failed request means to a person. Addresses are shown without their query: it may be a signature. */
export function networkError(error: unknown, url: URL): DlintError {
  const code = failureCode(error);
  const isBadPort = code === '' && ((error as Error).cause as Error | undefined)?.message === 'bad port';
  const { message, hint } = explain(isBadPort ? 'BADPORT' : code, url.host);
  return new DlintError('E_REGISTRY', message, { where: `${url.host}${url.pathname}`, hint, cause: error });
}

function explain(code: string, host: string): { message: string; hint: string } {
  if (code === 'ENOTFOUND') {
    return { message: `there is no host ${host}`, hint: 'check the name; a file of that name is not there either' };
  }
  if (code === 'BADPORT') {
    return {
      message: `${host} is a port of another protocol`,
      hint: 'no program of the web speaks there; check the port',
    };
  }
  if (code === 'EAI_AGAIN') return { message: `the name ${host} cannot be looked up`, hint: 'check the network' };
  if (code === 'ECONNREFUSED') {
    return { message: `${host} takes no connection`, hint: 'check the host and port, and that the registry runs' };
  }
  if (isCertificateFailure(code)) {
    return {
      message: `the certificate of ${host} is not trusted (${code})`,
      hint: 'for an authority of your own: NODE_EXTRA_CA_CERTS=/path/ca.pem dlint …',
    };
  }
  if (isTlsFailure(code)) {
    return { message: `${host} does not speak TLS (${code})`, hint: 'for a registry without TLS: --insecure' };
  }
  if (code === 'ESTALLED' || /TIMEOUT|ETIMEDOUT/.test(code)) {
    return { message: `${host} does not answer in time`, hint: 'try again; check the network' };
  }
  return { message: `the connection to ${host} broke (${code || 'for no stated reason'})`, hint: 'try again' };
}
