import type { Readable } from 'node:stream';
import type { Flash } from './frame.js';

/** A model that brings its own JSON, already encoded, so that large results are not walked a second time. */
export const ENCODED = Symbol('ENCODED');

export interface PreEncoded {
  [ENCODED](): Buffer;
}

/**
 * Something to look at. `template` is the whole page, `fragment` what an htmx swap gets; null where only whole pages
 * make sense. The model is the JSON body and the template's data.
 */
export class Page<M extends object> {
  constructor(
    readonly template: string,
    readonly fragment: string | null,
    readonly model: M,
    readonly status = 200,
    /** Gathers what only the whole page shows around the model; without it the page shows the model alone. */
    readonly wholeModel: (() => Promise<object>) | null = null,
  ) {}

  /** The same answer with a larger model for the whole page. */
  within(wholeModel: () => Promise<object>): Page<M> {
    return new Page(this.template, this.fragment, this.model, this.status, wholeModel);
  }
}

/**
 * JSON that browsers keep by its version: asked for again, only `not modified` goes out while it is the same. It is
 * compressed once for everybody.
 */
export class Versioned {
  constructor(
    readonly version: string,
    readonly gzipped: Buffer,
    /** How long a browser may use it without asking. */
    readonly maxAgeSeconds: number,
  ) {}
}

/**
 * A file; browsers and the API get the same. It goes out while it is made: one that cannot be finished breaks the
 * connection, so that nobody takes a part for the whole.
 */
export class Download {
  constructor(
    readonly name: string,
    readonly contentType: string,
    readonly body: Readable | Buffer,
  ) {}
}

export interface CookieChange {
  readonly name: string;
  /** Null takes the cookie away. */
  readonly value: string | null;
  readonly secure: boolean;
  readonly maxAgeSeconds: number;
}

interface DoneFacts<M extends object> {
  /** Where a browser goes to see the outcome. */
  readonly address: string;
  /** What an htmx swap gets; without it htmx is sent to the address. */
  readonly fragment: string | null;
  readonly model: M;
  readonly status: 200 | 201;
  /** Shown to people instead of the address, for what can be shown only once. */
  readonly page: string | null;
  readonly flash: Flash | null;
  readonly cookies: readonly CookieChange[];
  readonly headers: Readonly<Record<string, string>>;
}

const PLAIN = { fragment: null, status: 200, page: null, flash: null, cookies: [], headers: {} } as const;

/** Something happened. JSON gets the model, htmx the fragment, a browser is sent to the address. */
export class Done<M extends object> {
  private constructor(private readonly facts: DoneFacts<M>) {}

  /** Changed; the fragment shows the new state. */
  static swap<M extends object>(address: string, fragment: string, model: M): Done<M> {
    return new Done({ ...PLAIN, address, fragment, model });
  }

  /** Changed; people go to the address. */
  static to<M extends object>(address: string, model: M): Done<M> {
    return new Done({ ...PLAIN, address, model });
  }

  /** Made; JSON answers 201. */
  static created<M extends object>(address: string, model: M): Done<M> {
    return new Done({ ...PLAIN, address, model, status: 201 });
  }

  /** Shows a page at once instead of an address: a secret that no later address can show again. */
  showing(page: string, fragment: string | null = null): Done<M> {
    return new Done({ ...this.facts, page, fragment });
  }

  /** A sentence on the next page. */
  saying(text: string, kind: Flash['kind'] = 'good', link: Flash['link'] = null): Done<M> {
    return new Done({ ...this.facts, flash: { kind, text, link } });
  }

  /** Sets or takes a cookie; always HttpOnly and SameSite=Lax, on the whole site. */
  withCookie(cookie: CookieChange): Done<M> {
    return new Done({ ...this.facts, cookies: [...this.facts.cookies, cookie] });
  }

  withHeader(name: string, value: string): Done<M> {
    return new Done({ ...this.facts, headers: { ...this.facts.headers, [name]: value } });
  }

  get cookies(): readonly CookieChange[] {
    return this.facts.cookies;
  }
  get headers(): Readonly<Record<string, string>> {
    return this.facts.headers;
  }
  get address(): string {
    return this.facts.address;
  }
  get fragment(): string | null {
    return this.facts.fragment;
  }
  get model(): M {
    return this.facts.model;
  }
  get status(): 200 | 201 {
    return this.facts.status;
  }
  get page(): string | null {
    return this.facts.page;
  }
  get flash(): Flash | null {
    return this.facts.flash;
  }
}
