/** One audit entry: template `audit/_entry`. */
export interface AuditRow {
  readonly id: string;
  /** Place in the tenant's chain; null until it is sealed. */
  readonly sequence: number | null;
  readonly at: string;
  readonly actor: { readonly name: string; readonly email: string };
  /** `database.create`, `query.run`, `auth.login` */
  readonly action: string;
  readonly object: { readonly kind: string; readonly id: string; readonly name: string } | null;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly ip: string;
  readonly requestId: string;
  readonly details: readonly { readonly name: string; readonly value: string }[];
  /** Hexadecimal SHA-256; null until it is sealed. */
  readonly hash: string | null;
  readonly previousHash: string | null;
}

/** How far the chain reaches and what the last look at it said. */
export interface AuditChain {
  readonly state: 'intact' | 'broken' | 'unchecked';
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly sealed: number;
  /** Entries written but not yet linked; a few at any moment are normal. */
  readonly waiting: number;
  readonly checkedAt: string | null;
  /** The first entry that does not fit; null unless broken. */
  readonly brokenAt: number | null;
  readonly lastCheckpointAt: string | null;
}

/** GET /audit: template `audit/index`, fragment `audit/_entries`. Filters are repeated as they were given. */
export interface AuditPage {
  readonly entries: readonly AuditRow[];
  readonly filter: {
    readonly actor: string;
    readonly object: string;
    /** Dates as the browser's date field writes them, or empty. */
    readonly from: string;
    readonly to: string;
  };
  readonly actions: readonly { readonly value: string; readonly label: string; readonly selected: boolean }[];
  readonly filtered: boolean;
  readonly chain: AuditChain;
  /** Addresses that keep the filters; null at the ends. */
  readonly next: string | null;
  readonly first: string | null;
}
