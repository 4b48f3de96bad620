import { idOf } from './frame.js';
import { makeExecutedRequest, makeRequestForm, makeRequestPage, makeRequestsPage } from './requests.js';
import { page, type Sample } from './sample.js';

const noPreview = { ...makeRequestPage().effect, refusal: 'create index runs outside of a transaction.', tables: [], touched: [], remarks: [] };

/** Of the pages of requests. */
export const requests: readonly Sample[] = [
  page('/requests', 'requests/index', 'waiting', makeRequestsPage()),
  page('/requests', 'requests/index', 'empty', makeRequestsPage({ requests: [], next: null })),
  page('/requests', 'requests/index', 'none yet', makeRequestsPage({ show: 'mine', requests: [], next: null })),
  page('/requests', 'requests/new', 'fresh', makeRequestForm()),
  page('/requests', 'requests/new', 'editing', makeRequestForm({ id: idOf(70), pods: [], draft: { ...makeRequestForm().draft, run: 'by_hand' } })),
  page('/requests', 'requests/show', 'pending', makeRequestPage()),
  page('/requests', 'requests/show', 'one row', makeRequestPage({ run: 'by_hand', effect: { ...makeRequestPage().effect, affectedRows: 1 } as never })),
  page('/requests', 'requests/show', 'no preview', makeRequestPage({ effect: noPreview as never, findings: [], stateReason: 'The approval is void.' })),
  page('/requests', 'requests/show', 'failed', makeExecutedRequest()),
];
