import type { StoredEntry } from './audit.types.js';
import type { AuditSlice } from './audit.service.js';
import type { ChainState } from './audit-verifier.service.js';

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

/** What the page was asked for. */
export interface AuditQuestion {
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly from: string;
  readonly to: string;
  readonly before: string;
}

const CHAIN_TONES = { intact: 'good', broken: 'bad', unchecked: 'neutral' } as const;

export function auditPage(
  slice: AuditSlice,
  actions: readonly string[],
  state: ChainState,
  question: AuditQuestion,
): AuditPage {
  const { actor, action, object, from, to, before } = question;
  const address = (cursor: string): string => addressOf({ ...question, before: cursor });
  return {
    entries: slice.entries.map(auditRow),
    filter: { actor, object, from, to },
    actions: actions.map((value) => ({ value, label: value, selected: value === action })),
    filtered: [actor, action, object, from, to].some((value) => value !== ''),
    chain: {
      state: state.state,
      tone: CHAIN_TONES[state.state],
      sealed: state.sealed,
      waiting: state.waiting,
      checkedAt: state.checkedAt?.toISOString() ?? null,
      brokenAt: state.brokenAt,
      lastCheckpointAt: state.lastCheckpointAt?.toISOString() ?? null,
    },
    next: slice.next === null ? null : address(slice.next),
    first: before === '' ? null : address(''),
  };
}

export function auditRow(entry: StoredEntry): AuditRow {
  return {
    id: entry.id,
    sequence: entry.seq === null ? null : Number(entry.seq),
    at: entry.at.toISOString(),
    actor: { name: entry.actor_name, email: entry.actor_email ?? '' },
    action: entry.action,
    object: objectOf(entry),
    outcome: entry.outcome,
    ip: entry.ip ?? '',
    requestId: entry.request_id ?? '',
    details: Object.entries(entry.details).map(([name, value]) => ({ name, value: textOf(value) })),
    hash: entry.hash?.toString('hex') ?? null,
    previousHash: entry.previous_hash?.toString('hex') ?? null,
  };
}

function objectOf({ object_type: kind, object_id: id, object_name: name }: StoredEntry): AuditRow['object'] {
  return kind === null || id === null ? null : { kind, id, name: name ?? id };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function addressOf(question: AuditQuestion): string {
  const given = Object.entries(question).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return query === '' ? '/audit' : `/audit?${query}`;
}
