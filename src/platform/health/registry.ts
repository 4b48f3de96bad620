import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { Permission } from '../access/permissions.js';
import type { SearchSource } from './search-source.js';

/** One component that /health/ready looks at. */
export interface HealthCheck {
  readonly name: string;
  /** Resolves when the component works; rejects when it does not. */
  check(): Promise<unknown>;
}

/** An entry of the page frame's navigation. */
export interface FrameItem {
  readonly group: string | null;
  readonly label: string;
  readonly href: string;
  readonly icon: string;
  /** Shown only to actors with this permission. */
  readonly permission: Permission;
  /** Lower stands higher. */
  readonly order: number;
  /** A number worth a badge; null for none. Asked for every page, so it must be quick. */
  readonly count?: (actor: Actor) => number | null | Promise<number | null>;
}

/** An organisation that an account may work in. */
export interface TenantChoice {
  readonly id: string;
  readonly name: string;
}

/** A way on from a refusal: a page that takes the fields of the form that was refused. */
export interface Offer {
  readonly label: string;
  readonly action: string;
  /** Shown only to actors with this permission. */
  readonly permission: Permission;
}

type TenantsOf = (actor: Actor) => Promise<readonly TenantChoice[]>;

/** What modules tell the platform about themselves at start: the frame, /health and /metrics read it. */
@Injectable()
export class Registry {
  private readonly checks: HealthCheck[] = [];
  private items: readonly FrameItem[] = [];
  private sources: readonly SearchSource[] = [];
  private readonly offers = new Map<string, Offer>();

  /** Where the person may work, the present organisation included; the module that knows says how to ask. */
  tenantsOf: TenantsOf = async () => Promise.resolve([]);

  addCheck(check: HealthCheck): void {
    this.checks.push(check);
  }

  addFrameItem(item: FrameItem): void {
    this.items = [...this.items, item].sort((a, b) => a.order - b.order);
  }

  addSearchSource(source: SearchSource): void {
    this.sources = [...this.sources, source].sort((a, b) => a.order - b.order);
  }

  /** What is offered to whoever was refused with one of these codes. */
  addOffer(codes: readonly string[], offer: Offer): void {
    for (const code of codes) this.offers.set(code, offer);
  }

  offerFor(code: string, actor: Actor | undefined): Offer | null {
    const offer = this.offers.get(code);
    return offer !== undefined && actor?.permissions.has(offer.permission) === true ? offer : null;
  }

  get healthChecks(): readonly HealthCheck[] {
    return this.checks;
  }

  get frameItems(): readonly FrameItem[] {
    return this.items;
  }

  get searchSources(): readonly SearchSource[] {
    return this.sources;
  }
}
