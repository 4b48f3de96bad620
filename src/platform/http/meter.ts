/** How much of a quota is used, ready to be drawn. */
export interface Meter {
  readonly label: string;
  readonly used: number;
  readonly limit: number;
  readonly unit: 'count' | 'bytes';
  readonly level: 'good' | 'warn' | 'bad';
}

/** 80 % is worth a warning, 100 % is full. */
export function meter(label: string, used: number, limit: number, unit: Meter['unit'] = 'count'): Meter {
  const share = limit === 0 ? 1 : used / limit;
  const level = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'good';
  return { label, used, limit, unit, level };
}
