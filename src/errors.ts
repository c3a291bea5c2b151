/** What went wrong, for programs. Every code is documented in docs/errors.md. */
export type ErrorCode =
  | 'E_USAGE' // flags or arguments that make no sense
  | 'E_NOT_FOUND' // a path that does not exist
  | 'E_NO_FILES' // paths given, but no Dockerfile among them
  | 'E_READ' // exists, but cannot be read (permission, I/O, a directory where a file was meant)
  | 'E_BINARY' // a Dockerfile holding NUL bytes
  | 'E_TOO_LARGE' // a Dockerfile over the size bound
  | 'E_NOT_AN_IMAGE'
  | 'E_NO_SUCH_IMAGE' // the archive holds images, but not the one asked for
  | 'E_TRUNCATED' // input ends too early
  | 'E_CORRUPT' // input breaks its own format
  | 'E_BLOB_MISSING'
  | 'E_DIGEST'
  | 'E_LIMIT' // a bound of src/layers/limits.ts was reached
  | 'E_UNSUPPORTED' // recognised, and not readable here
  | 'E_CONFIG'
  | 'E_PLUGIN'
  | 'E_RULE' // a rule broke down on a file; the others went on
  | 'E_PROGRAM' // another program that was asked for is not there, or has failed
  | 'E_REGISTRY'
  | 'E_WRITE';

export interface DlintErrorOptions {
  /** Where: a path, a path and byte offset, a flag, an archive member. */
  where?: string;
  /** What the user can do about it. */
  hint?: string;
  cause?: unknown;
}

/**
 * The one error dlint throws on purpose. Anything else that is thrown is a bug
 * and is reported as one. A message says what is wrong; `where` and `hint` say
 * where, and what to do.
 */
export class DlintError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: DlintErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'DlintError';
    this.code = code;
    this.where = options.where;
    this.hint = options.hint;
  }
}
