export type Pane = 'side' | 'edit';

interface Size {
  readonly min: number;
  max(): number;
  usual(): number;
}

/** Pixels: the width of the side, the height of the editor. */
export const SIZES: Readonly<Record<Pane, Size>> = {
  side: { min: 160, max: () => innerWidth * 0.5, usual: () => 250 },
  edit: { min: 120, max: () => innerHeight - 240, usual: () => (innerHeight - 70) * 0.4 },
};

/** Puts the remembered sizes where the styles find them; called before the page is painted. */
export function applySizes(): void {
  for (const pane of ['side', 'edit'] as const) {
    const kept = Number(read(pane));
    if (kept > 0) apply(pane, kept);
  }
}

export function sizeOf(pane: Pane): number {
  const kept = Number(read(pane));
  return kept > 0 ? kept : SIZES[pane].usual();
}

export function keepSize(pane: Pane, size: number): number {
  apply(pane, size);
  try {
    localStorage.setItem(`pane:${pane}`, String(size));
  } catch {
    // A full or forbidden store: it is as wide as this for as long as the page stays.
  }
  return size;
}

function apply(pane: Pane, size: number): void {
  document.documentElement.style.setProperty(`--${pane}`, `${String(size)}px`);
}

function read(pane: Pane): string | null {
  try {
    return localStorage.getItem(`pane:${pane}`);
  } catch {
    return null;
  }
}
