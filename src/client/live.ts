import { LiveTabs } from './live/tabs.js';
import type { LiveState } from './live/stream.js';

/** Shorter interruptions, such as a rolling restart, are nobody's business. */
const PATIENCE_MS = 4000;

interface RequestEvent extends CustomEvent {
  readonly detail: {
    readonly ctx: {
      readonly sourceEvent?: Event;
      readonly request: { readonly headers: Record<string, string> };
    };
  };
}

/**
 * Events of the server become events of the page, so that what shows a thing can ask for its new state:
 * `hx-trigger="live-database-<id> from:body"`. After an interruption `live-gap` says that anything may have changed.
 * Pages that nobody looks at ask when somebody does again.
 */
export function live(): void {
  const { membership, now } = document.body.dataset;
  if (membership === undefined || now === undefined) return;
  const waiting = new Map<string, () => void>();
  const heard = (name: string, data: string): void => {
    const say = () => {
      dispatch(name, data);
    };
    if (document.hidden) waiting.set(`${name} ${data}`, say);
    else say();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    for (const say of waiting.values()) say();
    waiting.clear();
  });
  document.addEventListener('htmx:config:request', markBackground);
  const tabs = new LiveTabs(membership, Date.parse(now), { heard, changed: connectionNote() });
  tabs.start();
  window.addEventListener('pagehide', () => {
    tabs.end();
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) tabs.again();
  });
  document.addEventListener('session-back', () => {
    tabs.again();
  });
}

function dispatch(name: string, data: string): void {
  const detail = JSON.parse(data) as { id?: unknown };
  const names = typeof detail.id === 'string' ? [name, `${name}-${detail.id}`] : [name];
  for (const one of names) document.body.dispatchEvent(new CustomEvent(`live-${one}`, { detail }));
}

/** What the page asks on its own does not keep a session from idling out. */
function markBackground(event: Event): void {
  const { sourceEvent, request } = (event as RequestEvent).detail.ctx;
  if (/^(?:live-|every$)/.test(sourceEvent?.type ?? '')) request.headers['X-Background'] = '1';
}

/** Says when the server has not answered for a while, and takes it back; the end of a session goes to the page. */
function connectionNote(): (state: LiveState) => void {
  const note = document.getElementById('connection');
  let timer = 0;
  return (state) => {
    window.clearTimeout(timer);
    if (state === 'ended') document.dispatchEvent(new Event('session-ended'));
    if (note === null) return;
    if (state === 'lost') timer = window.setTimeout(() => (note.hidden = false), PATIENCE_MS);
    else note.hidden = true;
  };
}
