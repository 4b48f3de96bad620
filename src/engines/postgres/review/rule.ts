import type { Finding } from '../../engine.js';
import type { Parsed } from './parsed.js';

/** Something worth telling before a statement runs, recognised in its tree. */
export interface ReviewRule {
  /** Stable: part of the API and of a tenant's settings. */
  readonly code: string;
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly applies: (statement: Parsed) => boolean;
}

export function warning(code: string, message: string, applies: ReviewRule['applies']): ReviewRule {
  return { code, severity: 'warning', message, applies };
}

export function advice(code: string, message: string, applies: ReviewRule['applies']): ReviewRule {
  return { code, severity: 'info', message, applies };
}
