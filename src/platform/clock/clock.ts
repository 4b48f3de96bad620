import { Injectable } from '@nestjs/common';

/** The only source of the current time; tests set it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Milliseconds since the epoch. */
  millis(): number {
    return this.now().getTime();
  }
}
