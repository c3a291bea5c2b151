import type { Category, Fix, Severity, Span } from '../report/finding.ts';
import type { SemanticModel } from './semantic.ts';

/** Another program that looks at the file beside the rules and calls what it finds by codes of its own. */
export interface ExternalLinter {
  /** Whether a name in an ignore comment is a code of this program that it would report here. */
  reports(code: string): boolean;
  check(model: SemanticModel): Iterable<ExternalFinding>;
}

export interface ExternalFinding {
  /** Stands where rules have their id, e.g. `SC2086`. */
  readonly code: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly at: Span;
  readonly fix?: Fix;
}
