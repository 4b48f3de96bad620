import { enrolmentUri, qrCode, type QrCode } from './one-time-codes.js';

/** What an authenticator program needs, to be scanned or typed. */
export interface EnrolmentView {
  /** In groups of four, as it is typed. */
  readonly secret: string;
  readonly uri: string;
  readonly qr: QrCode;
}

/** GET /auth/second-factor: template `account/second-factor`. */
export interface FactorPage {
  readonly enabled: boolean;
  /** Null unless a secret waits for its first code. */
  readonly enrolment: EnrolmentView | null;
  readonly problem: string | null;
}

/** Recovery codes, shown once. */
export interface RecoveryCodesView {
  readonly recoveryCodes: readonly string[];
  readonly next: string;
}

export function enrolmentView(secret: string, email: string): EnrolmentView {
  const uri = enrolmentUri(secret, email);
  return { secret: secret.replace(/(.{4})(?=.)/g, '$1 '), uri, qr: qrCode(uri) };
}
