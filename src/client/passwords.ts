/** Ticks the rules that a new password meets while it is typed. The server decides; it sent the rules. */
export function passwordRules(): void {
  document.addEventListener('input', (event) => {
    const input = event.target as HTMLInputElement;
    const field = input.closest<HTMLElement>('[data-password-rules]');
    if (field !== null && input.type !== 'hidden') show(field, input.value);
  });
}

function show(field: HTMLElement, password: string): void {
  const rules = [...field.querySelectorAll<HTMLElement>('[data-rule]')];
  for (const rule of rules) {
    const met = new RegExp(rule.dataset['rule'] ?? '', 'su').test(password);
    rule.classList.toggle('met', met);
  }
  field.querySelector('.rules')?.classList.add('live');
  const meter = field.querySelector('meter');
  if (meter === null) return;
  meter.hidden = false;
  meter.value = rules.filter((rule) => rule.classList.contains('met')).length;
  meter.classList.toggle('warn', meter.value < rules.length);
}

/** Counts down beside a refusal until trying again makes sense. */
export function countdowns(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-countdown]')) {
    const end = performance.now() + Number(place.dataset['countdown']) * 1000;
    const tick = (): void => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      const minutes = String(Math.floor(left / 60));
      place.textContent =
        left === 0 ? 'You can try again now.' : `${minutes}:${String(left % 60).padStart(2, '0')}`;
      if (left === 0) clearInterval(timer);
    };
    const timer = setInterval(tick, 1000);
    tick();
  }
}
