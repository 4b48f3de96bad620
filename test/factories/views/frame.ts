import type { FrameModel } from '../../../src/platform/http/frame.js';

export const NOW = '2026-11-24T09:30:00.000Z';

/** A moment some minutes before the frame's `now`. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

/** A version 7 id that ends with a number. */
export function idOf(number: number): string {
  return `0193a5c0-4b1e-7000-8000-${String(number).padStart(12, '0')}`;
}

const ITEMS = [
  ['Overview', '/', 'layout-dashboard', null],
  ['Databases', '/databases', 'database', null],
  ['Workbench', '/workbench', 'square-terminal', 2],
] as const;

/** The frame around a page of somebody who is signed in. */
export function makeFrame(change: Partial<FrameModel> = {}): FrameModel {
  const path = change.path ?? '/databases';
  const items = ITEMS.map(([label, href, icon, count]) => {
    return { label, href, icon, count, current: href === path };
  });
  return {
    account: {
      id: idOf(1),
      name: 'Mara Lindqvist',
      email: 'mara@acme.example',
      tenantName: 'Acme Retail',
      role: 'Tenant admin',
    },
    tenants: [{ id: idOf(4), name: 'Acme Wholesale' }],
    narrow: false,
    navigation: [
      { label: null, items },
      {
        label: 'Organisation',
        items: [
          { label: 'Audit', href: '/audit', icon: 'scroll-text', count: null, current: path === '/audit' },
        ],
      },
    ],
    theme: 'auto',
    path,
    flash: null,
    styleNonce: 'c3R5bGUtbm9uY2U',
    environment: 'development',
    now: NOW,
    ...change,
  };
}

export function makeStrangerFrame(change: Partial<FrameModel> = {}): FrameModel {
  return { ...makeFrame(change), account: null, tenants: [], navigation: [], environment: 'production' };
}
