import { DlintError } from '../../../errors.ts';

/** Whether a host is this machine: the only one that may be spoken to without TLS unasked. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);
}

/**
 * Where a server sends us next: the realm of its tokens, or a redirect. It must not lead from TLS to none, nor from
 * elsewhere into this machine. Throws `E_REGISTRY`.
 */
export function followAddress(from: URL, text: string, what: string): URL {
  const refuse = (why: string): never => {
    throw new DlintError('E_REGISTRY', `the ${what} that ${from.host} names is refused: ${why}`, {
      where: `${from.host}${from.pathname}`,
    });
  };
  const target = URL.canParse(text, from.href) ? new URL(text, from) : refuse('it is no address');
  if (target.username !== '' || target.password !== '') refuse('it holds a name or a password');
  if (target.protocol !== 'https:' && target.protocol !== 'http:') refuse(`it is ${target.protocol}`);
  if (isLoopback(target.hostname) && !isLoopback(from.hostname)) refuse('it is an address of this machine');
  if (target.protocol === 'http:') {
    if (from.protocol === 'https:') refuse(`${target.host} would be spoken to without TLS`);
    if (isLoopback(from.hostname) && !isLoopback(target.hostname)) {
      refuse(`${target.host} would be spoken to without TLS`);
    }
  }
  return target;
}
