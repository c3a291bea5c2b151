import { createHash } from 'node:crypto';
import { instructionOf } from '../layers/instruction.ts';
import { maskFor } from '../layers/report.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import type { ImageFinding } from '../report/check-report.ts';
import { type Found, imageRules } from './image-rules.ts';

/** Findings with their places and fingerprints, in the order given. */
export function asFindings(found: Iterable<Found>, { image }: StackedImage): ImageFinding[] {
  const mask = maskFor(image.config);
  return [...found].map(({ rule, message, subject, key = subject ?? '', layer, path }): ImageFinding => {
    const { category, severity, help } = imageRules[rule];
    const at = layer === undefined ? undefined : image.layers[layer - 1];
    const createdBy = at?.createdBy ?? null;
    return {
      rule,
      category,
      severity,
      message,
      help,
      subject: subject ?? null,
      fingerprint: createHash('sha256')
        .update(`${rule}\0${path ?? ''}\0${key}`)
        .digest('hex')
        .slice(0, 16),
      location: {
        layer: at ? (at.diffId ?? at.digest) : null,
        layerIndex: layer ?? null,
        instruction: at ? instructionOf(createdBy === null ? null : mask(createdBy)) : null,
        path: path ?? null,
        source: null,
      },
    };
  });
}
