/** The codes of hadolint 2.15 and the checks of BuildKit 0.32, as a table: what `docs/compatibility.md` is held against. */

export interface ForeignCode {
  readonly tool: 'hadolint' | 'buildkit';
  readonly code: string;
  /** As severe as the tool has it by default; `off` is on request there. */
  readonly severity: 'error' | 'warning' | 'info' | 'style' | 'off';
  /** Why no rule of ours bears the code. */
  readonly absent?: string;
}

/** DL codes by default severity. */
const hadolint: Readonly<Record<ForeignCode['severity'], string>> = {
  error: '1000 3000 3004 3011 3012 3020 3021 3023 3024 3026 3043 3044 3061 4000 4004',
  warning:
    '3002 3003 3006 3007 3008 3013 3014 3016 3018 3022 3025 3027 3028 3029 3030 3032 3033 3034 3035 3036 3037 3038 3040 3041 3042 3045 3046 3051 3052 3053 3054 3055 3056 3058 3062 3063 3064 3065 3067 4001 4003 4005 4006',
  info: '3001 3009 3010 3015 3019 3047 3049 3050 3059 3060 3066',
  style: '3048',
  off: '1001 3057',
};

const buildkit = [
  'StageNameCasing',
  'FromAsCasing',
  'NoEmptyContinuation',
  'ConsistentInstructionCasing',
  'DuplicateStageName',
  'ReservedStageName',
  'JSONArgsRecommended',
  'MaintainerDeprecated',
  'UndefinedArgInFrom',
  'WorkdirRelativePath',
  'UndefinedVar',
  'MultipleInstructionsDisallowed',
  'LegacyKeyValueFormat',
  'RedundantTargetPlatform',
  'SecretsUsedInArgOrEnv',
  'InvalidDefaultArgInFrom',
  'FromPlatformFlagConstDisallowed',
  'CopyIgnoredFile',
  'InvalidDefinitionDescription',
  'ExposeProtoCasing',
  'ExposeInvalidFormat',
  'InvalidBaseImagePlatform',
];

/** BuildKit has it among its experimental checks. */
const experimental: ReadonlySet<string> = new Set(['InvalidDefinitionDescription']);

const absent: Readonly<Record<string, string>> = {};

/** By tool, then by code. */
export const foreignCodes: readonly ForeignCode[] = [
  ...Object.entries(hadolint)
    .flatMap(([severity, codes]) =>
      codes.split(' ').map((code) => foreign('hadolint', `DL${code}`, severity as ForeignCode['severity'])),
    )
    .sort((a, b) => (a.code < b.code ? -1 : 1)),
  ...buildkit.map((code) => foreign('buildkit', code, experimental.has(code) ? 'off' : 'warning')),
];

function foreign(tool: ForeignCode['tool'], code: string, severity: ForeignCode['severity']): ForeignCode {
  const reason = absent[code];
  return { tool, code, severity, ...(reason === undefined ? {} : { absent: reason }) };
}
