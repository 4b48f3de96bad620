const WARN_MS = 120_000;
const FIRST_LOOK_MS = 15_000;
const LONGEST_WAIT_MS = 600_000;

/** Warns two minutes before the session ends. The server knows what other tabs did meanwhile, so it is asked first. */
export function sessionClock(): void {
  const dialog = document.querySelector<HTMLDialogElement>('dialog#session-warning');
  if (dialog === null) return;
  dialog.querySelector('[data-stay]')?.addEventListener('click', () => {
    void stay(dialog);
  });
  again(dialog, FIRST_LOOK_MS);
}

async function look(dialog: HTMLDialogElement): Promise<void> {
  const left = await msLeft();
  if (left === null) return;
  if (left > WARN_MS) {
    if (dialog.open) dialog.close();
    again(dialog, Math.min(left - WARN_MS, LONGEST_WAIT_MS));
    return;
  }
  if (!dialog.open && document.querySelector('dialog[open]') === null) dialog.showModal();
  const place = dialog.querySelector('[data-left]');
  if (place !== null) place.textContent = `${String(Math.max(1, Math.ceil(left / 60_000)))} min`;
  again(dialog, Math.min(left + 1000, 20_000));
}

function again(dialog: HTMLDialogElement, ms: number): void {
  setTimeout(() => void look(dialog), ms);
}

/** Null when nobody answers, or the session is over: other parts of the page say so then. */
async function msLeft(): Promise<number | null> {
  const headers = { accept: 'application/json', 'x-background': '1' };
  const answer = await fetch('/auth/session', { headers }).catch(() => null);
  if (answer?.status === 401) document.dispatchEvent(new Event('session-ended'));
  if (answer?.ok !== true) return null;
  const { idleEndsAt } = (await answer.json()) as { idleEndsAt: string };
  const now = answer.headers.get('date');
  return now === null ? null : Date.parse(idleEndsAt) - Date.parse(now);
}

async function stay(dialog: HTMLDialogElement): Promise<void> {
  const headers = { accept: 'application/json' };
  await fetch('/auth/refresh', { method: 'POST', headers }).catch(() => null);
  dialog.close();
}
