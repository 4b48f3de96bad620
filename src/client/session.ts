/** What a page tells the other tabs of its browser when it loads: who is signed in now. */
interface Presence {
  readonly membership: string;
  readonly tenant: string;
}

/**
 * A session that ended must not take what was typed along: the page stays, a dialog leads to the sign-in form in a new
 * tab, and closes by itself once somebody is signed in there. When that is another membership, the page says so, because
 * what it shows is not theirs any more.
 */
export function sessions(): void {
  const { membership, tenant } = document.body.dataset;
  if (membership === undefined || tenant === undefined) return;
  const channel = new BroadcastChannel('session');
  const ended = dialog('session-ended');
  const other = dialog('session-other');
  channel.postMessage({ membership, tenant } satisfies Presence);
  channel.addEventListener('message', ({ data }: MessageEvent<Presence>) => {
    const same = data.membership === membership;
    if (ended?.open === true && same) {
      ended.close();
      say(ended.dataset['after'] ?? '');
      document.dispatchEvent(new Event('session-back'));
    }
    if (same) other?.close();
    else show(other, data.tenant);
  });
  document.addEventListener('session-ended', () => {
    show(ended);
  });
}

function dialog(id: string): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>(`dialog#${id}`);
}

function show(element: HTMLDialogElement | null, tenant?: string): void {
  const name = element?.querySelector('[data-tenant]');
  if (name && tenant !== undefined) name.textContent = tenant;
  if (element?.open === false) element.showModal();
}

function say(text: string): void {
  const note = document.createElement('p');
  note.className = 'note good';
  note.textContent = text;
  document.getElementById('messages')?.replaceChildren(note);
}
