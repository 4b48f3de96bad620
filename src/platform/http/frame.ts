import type { TenantChoice } from '../health/registry.js';

/** What the page frame shows around every page; one of these goes with every rendering, as `@frame` in templates. */
export interface FrameModel {
  /** Who is signed in; null on the sign-in page and on problem pages for strangers. */
  readonly account: FrameAccount | null;
  /** Other organisations that this person may go over to. */
  readonly tenants: readonly TenantChoice[];
  readonly navigation: readonly NavigationGroup[];
  /** Whether the navigation shows only its icons. */
  readonly narrow: boolean;
  readonly theme: Theme;
  /** Path and query of the request; the sign-in form returns here. */
  readonly path: string;
  readonly flash: Flash | null;
  /** Where the product itself runs; anything but `production` is shown in the bar. */
  readonly environment: 'production' | 'development' | 'test';
  /** Lets a script of ours put a style sheet into the page; null where none does. */
  readonly styleNonce: string | null;
  /** The server's time in ISO 8601: relative times are counted from here. */
  readonly now: string;
}

export interface FrameAccount {
  /** The membership's id; keeps drafts of several people apart in one browser tab. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly tenantName: string;
  /** The role in words: `Tenant admin`. */
  readonly role: string;
}

export interface NavigationGroup {
  /** Heading of the group; null for the first one. */
  readonly label: string | null;
  readonly items: readonly NavigationItem[];
}

export interface NavigationItem {
  readonly label: string;
  readonly href: string;
  /** Name of a file in public/icons, without the extension. */
  readonly icon: string;
  readonly current: boolean;
  /** A number worth a badge; null for none. */
  readonly count: number | null;
}

/** A short message after an act, with the next step if there is one. */
export interface Flash {
  readonly kind: 'info' | 'good' | 'bad';
  readonly text: string;
  readonly link: { readonly label: string; readonly href: string } | null;
}

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that remembers the theme; written by the browser script, read by the server so that nothing flashes. */
export const THEME_COOKIE = 'theme';

export function themeOf(cookie: string | undefined): Theme {
  return THEMES.find((theme) => theme === cookie) ?? 'auto';
}

/** The cookie that remembers that the navigation was made narrow. */
export const NAVIGATION_COOKIE = 'nav';
