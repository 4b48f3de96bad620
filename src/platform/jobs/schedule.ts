import type { JobOptions } from './job.decorator.js';

const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000 };

/** When a job is due: every `period` milliseconds, `offset` after the multiples since the epoch. */
export interface Schedule {
  readonly period: number;
  readonly offset: number;
}

export function scheduleOf(options: JobOptions): Schedule {
  if ('at' in options) return { period: DAY, offset: timeOfDay(options.at) };
  const [amount, unit = ''] = options.every.split(' ');
  const period = Number(amount) * (UNITS[unit.replace(/s$/, '')] ?? Number.NaN);
  if (!(period >= 1000)) throw new Error(`The job ${options.name} has no usable interval: ${options.every}`);
  return { period, offset: 0 };
}

function timeOfDay(text: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  if (!(hours < 24 && minutes < 60)) throw new Error(`${text} is no time of day.`);
  return (hours * 60 + minutes) * 60_000;
}

/** The slot that `millis` falls into, as the time at which it began. */
export function slotAt({ period, offset }: Schedule, millis: number): number {
  return Math.floor((millis - offset) / period) * period + offset;
}
