import type { ImagePolicy } from '../config/image-policy.ts';
import type { Category, Severity } from '../report/finding.ts';

export interface ImageRule {
  readonly category: Category;
  readonly severity: Severity;
  /** What it finds. */
  readonly summary: string;
  readonly why: string;
  readonly help: string;
  /** What another tool calls it. */
  readonly aliases?: readonly string[];
  /** Keys of `image:` in a configuration that ask for it. Without any it is always held, or as a `.dive-ci` asks. */
  readonly settings?: readonly (keyof ImagePolicy)[];
  /** Of a Dockerfile, that says what the rule looks at. */
  readonly instruction?: string;
}

/** What `dlint check` can say, by id. */
export const imageRules = {
  'image-size': {
    category: 'size',
    severity: 'error',
    summary: 'an image larger than it may be',
    settings: ['maxSize'],
    why: 'Every host that runs the image pulls and stores all of its layers.',
    help: 'Let dlint inspect list the largest files and what could be saved; build in an earlier stage and copy the result.',
  },
  'dead-bytes': {
    category: 'size',
    severity: 'error',
    summary: 'bytes that are stored and that the final image does not reach',
    settings: ['maxDeadBytes'],
    why: 'A file that a later layer removes or replaces is still stored and pulled with the layer that holds it.',
    help: 'Let dlint inspect say which layers to join, or what to leave out, and how much that saves.',
  },
  'image-efficiency': {
    category: 'size',
    severity: 'error',
    summary: 'an image of which too little is used',
    settings: ['minEfficiency'],
    why: 'The share of the stored bytes that the final image uses: the rest is stored and pulled for nothing.',
    help: 'Let dlint inspect say which layers to join, or what to leave out, and how much that saves.',
  },
  'image-layers': {
    category: 'size',
    severity: 'error',
    summary: 'more layers than there may be',
    settings: ['maxLayers'],
    why: 'Each layer is a transfer and a mount of its own; Docker takes 127 at most.',
    help: 'Join instructions that belong together.',
  },
  'layer-size': {
    category: 'size',
    severity: 'error',
    summary: 'a layer larger than one may be',
    settings: ['maxLayerSize'],
    why: 'A layer is pulled as a whole whenever anything in it changes.',
    help: 'Split what changes often from what does not, or store less: dlint inspect --layer N lists it.',
  },
  'image-growth': {
    category: 'size',
    severity: 'error',
    summary: 'an image that grew more than it may, against another one',
    settings: ['maxGrowth'],
    why: 'Images grow little by little, each time for a good reason.',
    help: 'Let dlint diff OLD NEW --only files,packages say what came.',
  },
  'forbidden-path': {
    category: 'security',
    severity: 'error',
    summary: 'a path that no layer may have',
    settings: ['forbiddenPaths'],
    why: 'Whoever has the image has every layer of it: removing a file in a later one does not take it back.',
    help: 'Leave it out of the context (.dockerignore), or mount it for the one step that needs it (RUN --mount=type=secret).',
  },
  'forbidden-mode': {
    category: 'security',
    severity: 'error',
    summary: 'a file of the final image with setuid, setgid, or that anybody may write',
    settings: ['forbiddenModes'],
    why: 'Programs that run as their owner, and files that anybody may change, are ways to more rights.',
    help: 'chmod in the instruction that makes the file (COPY --chmod), or remove the package that brings it.',
  },
  'image-user': {
    category: 'security',
    severity: 'error',
    summary: 'an image that runs as somebody else than asked for',
    settings: ['user'],
    instruction: 'USER',
    why: 'A process that breaks out of a container has the rights of its user on the host, if nothing maps it.',
    help: 'Set USER, by number where Kubernetes has to verify that it is not root.',
  },
  'image-ports': {
    category: 'security',
    severity: 'error',
    summary: 'an exposed port that is not among the allowed ones',
    settings: ['ports'],
    instruction: 'EXPOSE',
    why: 'docker run -P publishes every exposed port.',
    help: 'Take EXPOSE away, or allow the port. A port of the base image cannot be taken back.',
  },
  'image-entrypoint': {
    category: 'correctness',
    severity: 'error',
    summary: 'no ENTRYPOINT, or one that runs through a shell',
    settings: ['entrypoint'],
    instruction: 'ENTRYPOINT',
    why: 'A shell as process 1 does not pass SIGTERM on, so the container is killed after a delay when it is stopped.',
    help: 'Write it as a list: ENTRYPOINT ["program", "argument"].',
  },
  'image-healthcheck': {
    category: 'correctness',
    severity: 'error',
    summary: 'a HEALTHCHECK that is missing, or not wanted',
    settings: ['healthcheck'],
    instruction: 'HEALTHCHECK',
    why: 'Docker and Swarm learn from it whether the program still answers; Kubernetes does not look at it.',
    help: 'Set HEALTHCHECK CMD …, or HEALTHCHECK NONE.',
  },
  'image-labels': {
    category: 'correctness',
    severity: 'error',
    summary: 'a label that is missing, or says something else',
    settings: ['labels'],
    instruction: 'LABEL',
    why: 'Labels say where an image comes from when nothing else does.',
    help: 'Set it with LABEL name=value, or docker build --label.',
  },
  'image-secret-file': {
    category: 'security',
    severity: 'error',
    summary: 'a file that holds a private key, a token or a login, in any layer',
    why: 'Whoever has the image has every layer of it: removing the file in a later one does not take the secret back.',
    help: 'Take the secret for lost and replace it; mount it for the one step that needs it (RUN --mount=type=secret).',
  },
  'image-secret-env': {
    category: 'security',
    severity: 'warning',
    summary: 'a variable of the environment that holds a secret',
    instruction: 'ENV',
    why: 'The environment is part of the image: docker inspect shows it to whoever has the image.',
    help: 'Give it when the container starts (docker run --env-file, a secret of the orchestrator).',
  },
  'dive-efficiency': {
    category: 'size',
    severity: 'error',
    summary: 'an efficiency, as dive computes it, below what a .dive-ci asks for',
    aliases: ['lowestEfficiency'],
    why: 'The number that dive computes, which counts some removed files and not others; image-efficiency is the true one.',
    help: 'Let dlint inspect say what could be saved.',
  },
  'dive-wasted-bytes': {
    category: 'size',
    severity: 'error',
    summary: 'more wasted bytes, as dive computes them, than a .dive-ci allows',
    aliases: ['highestWastedBytes'],
    why: 'The number that dive computes: all copies of a path that occurs in several layers, the live one too.',
    help: 'Let dlint inspect say what could be saved.',
  },
  'dive-user-wasted': {
    category: 'size',
    severity: 'error',
    summary: 'more waste above the lowest layer, as dive computes it, than a .dive-ci allows',
    aliases: ['highestUserWastedPercent'],
    why: 'The number that dive computes: its wasted bytes by the bytes of all layers above the lowest.',
    help: 'Let dlint inspect say what could be saved.',
  },
} as const satisfies Readonly<Record<string, ImageRule>>;

export type ImageRuleId = keyof typeof imageRules;

/** What a check found; the rest of the finding follows from the rule and the image. */
export interface Found {
  readonly rule: ImageRuleId;
  readonly message: string;
  /** The variable, label or port it is about. */
  readonly subject?: string;
  /** What tells it from others of its rule and path; default the subject. */
  readonly key?: string;
  /** 1-based. */
  readonly layer?: number;
  readonly path?: string;
}
