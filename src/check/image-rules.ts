import { createHash } from 'node:crypto';
import { instructionOf } from '../layers/instruction.ts';
import { maskFor } from '../layers/report.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import type { ImageFinding } from '../report/check-report.ts';
import type { Category, Severity } from '../report/finding.ts';

interface ImageRule {
  readonly category: Category;
  readonly severity: Severity;
  readonly why: string;
  readonly help: string;
}

/** What `dlint check` can say, by id. */
export const imageRules = {
  'image-size': {
    category: 'size',
    severity: 'error',
    why: 'Every host that runs the image pulls and stores all of its layers.',
    help: 'dlint inspect lists the largest files and what could be saved; build in an earlier stage and copy the result.',
  },
  'dead-bytes': {
    category: 'size',
    severity: 'error',
    why: 'A file that a later layer removes or replaces is still stored and pulled with the layer that holds it.',
    help: 'dlint inspect says which layers to join, or what to leave out, and how much that saves.',
  },
  'image-efficiency': {
    category: 'size',
    severity: 'error',
    why: 'The share of the stored bytes that the final image uses: the rest is stored and pulled for nothing.',
    help: 'dlint inspect says which layers to join, or what to leave out, and how much that saves.',
  },
  'image-layers': {
    category: 'size',
    severity: 'error',
    why: 'Each layer is a transfer and a mount of its own; Docker takes 127 at most.',
    help: 'Join instructions that belong together.',
  },
  'layer-size': {
    category: 'size',
    severity: 'error',
    why: 'A layer is pulled as a whole whenever anything in it changes.',
    help: 'Split what changes often from what does not, or store less: dlint inspect --layer N lists it.',
  },
  'image-growth': {
    category: 'size',
    severity: 'error',
    why: 'Images grow little by little, each time for a good reason.',
    help: 'dlint diff OLD NEW --only files,packages says what came.',
  },
  'forbidden-path': {
    category: 'security',
    severity: 'error',
    why: 'Whoever has the image has every layer of it: removing a file in a later one does not take it back.',
    help: 'Leave it out of the context (.dockerignore), or mount it for the one step that needs it (RUN --mount=type=secret).',
  },
  'forbidden-mode': {
    category: 'security',
    severity: 'error',
    why: 'Programs that run as their owner, and files that anybody may change, are ways to more rights.',
    help: 'chmod in the instruction that makes the file (COPY --chmod), or remove the package that brings it.',
  },
  'image-user': {
    category: 'security',
    severity: 'error',
    why: 'A process that breaks out of a container has the rights of its user on the host, if nothing maps it.',
    help: 'Set USER, by number where Kubernetes has to verify that it is not root.',
  },
  'image-ports': {
    category: 'security',
    severity: 'error',
    why: 'docker run -P publishes every exposed port.',
    help: 'Take EXPOSE away, or allow the port. A port of the base image cannot be taken back.',
  },
  'image-entrypoint': {
    category: 'correctness',
    severity: 'error',
    why: 'A shell as process 1 does not pass SIGTERM on, so the container is killed after a delay when it is stopped.',
    help: 'ENTRYPOINT ["program", "argument"].',
  },
  'image-healthcheck': {
    category: 'correctness',
    severity: 'error',
    why: 'Docker and Swarm learn from it whether the program still answers; Kubernetes does not look at it.',
    help: 'HEALTHCHECK CMD …, or HEALTHCHECK NONE.',
  },
  'image-labels': {
    category: 'correctness',
    severity: 'error',
    why: 'Labels say where an image comes from when nothing else does.',
    help: 'LABEL name=value, or docker build --label.',
  },
  'image-secret-file': {
    category: 'security',
    severity: 'error',
    why: 'Whoever has the image has every layer of it: removing the file in a later one does not take the secret back.',
    help: 'Take the secret for lost and replace it; mount it for the one step that needs it (RUN --mount=type=secret).',
  },
  'image-secret-env': {
    category: 'security',
    severity: 'warning',
    why: 'The environment is part of the image: docker inspect shows it to whoever has the image.',
    help: 'Give it when the container starts (docker run --env-file, a secret of the orchestrator).',
  },
  'dive-efficiency': {
    category: 'size',
    severity: 'error',
    why: 'The number that dive computes, which counts some removed files and not others; image-efficiency is the true one.',
    help: 'dlint inspect says what could be saved.',
  },
  'dive-wasted-bytes': {
    category: 'size',
    severity: 'error',
    why: 'The number that dive computes: all copies of a path that occurs in several layers, the live one too.',
    help: 'dlint inspect says what could be saved.',
  },
  'dive-user-wasted': {
    category: 'size',
    severity: 'error',
    why: 'The number that dive computes: its wasted bytes by the bytes of all layers above the lowest.',
    help: 'dlint inspect says what could be saved.',
  },
} as const satisfies Readonly<Record<string, ImageRule>>;

export type ImageRuleId = keyof typeof imageRules;

/** What a check found; the rest of the finding follows from the rule and the image. */
export interface Found {
  readonly rule: ImageRuleId;
  readonly message: string;
  /** What tells it from others of its rule and path. */
  readonly key?: string;
  /** 1-based. */
  readonly layer?: number;
  readonly path?: string;
}

/** Findings with their places and fingerprints, in the order given. */
export function asFindings(found: Iterable<Found>, { image }: StackedImage): ImageFinding[] {
  const mask = maskFor(image.config);
  return [...found].map(({ rule, message, key = '', layer, path }): ImageFinding => {
    const { category, severity, help } = imageRules[rule];
    const at = layer === undefined ? undefined : image.layers[layer - 1];
    const createdBy = at?.createdBy ?? null;
    return {
      rule,
      category,
      severity,
      message,
      help,
      fingerprint: createHash('sha256')
        .update(`${rule}\0${path ?? ''}\0${key}`)
        .digest('hex')
        .slice(0, 16),
      location: {
        layer: at ? (at.diffId ?? at.digest) : null,
        layerIndex: layer ?? null,
        instruction: at ? instructionOf(createdBy === null ? null : mask(createdBy)) : null,
        path: path ?? null,
      },
    };
  });
}
