interface SwapEvent extends CustomEvent {
  readonly detail: { readonly ctx: { readonly target: Element | string | null } };
}

/**
 * After a swap that took the focused control away, focus goes to the beginning of what came in its place, so that
 * keyboards and screen readers go on from there instead of from the top of the page.
 */
export function keepFocus(): void {
  let lost: string | null = null;
  document.addEventListener('htmx:before:swap', (event) => {
    const { target } = (event as SwapEvent).detail.ctx;
    const active = document.activeElement;
    lost = target instanceof Element && active !== null && target.contains(active) ? target.id : null;
  });
  document.addEventListener('htmx:after:swap', () => {
    if (lost === null || (document.activeElement !== null && document.activeElement !== document.body))
      return;
    const fresh = document.getElementById(lost);
    fresh?.querySelector<HTMLElement>('h1, a[href], button, input:not([type=hidden])')?.focus();
  });
}

/** A request that gets no answer says so, and takes it back when the next one does. */
export function sayUnreachable(): void {
  const note = document.createElement('p');
  note.className = 'note bad';
  note.textContent =
    'The server does not answer. What you typed is kept; it is not certain whether the last act took effect.';
  document.addEventListener('htmx:error', (event) => {
    const { ctx } = (event as CustomEvent<{ ctx?: { response?: object } }>).detail;
    if (ctx !== undefined && ctx.response === undefined) document.getElementById('messages')?.append(note);
  });
  document.addEventListener('htmx:after:request', () => {
    note.remove();
  });
}

/**
 * A plain form that is on its way says so and cannot be sent twice; coming back to the page frees it. A file that is
 * saved leaves the page where it is.
 */
export function busyForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const method = form.getAttribute('method');
    if (event.defaultPrevented || method !== 'post' || form.matches('[hx-post], [data-export]')) return;
    if (form.getAttribute('aria-busy') === 'true') event.preventDefault();
    else form.setAttribute('aria-busy', 'true');
  });
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
  });
}
