import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { AppError } from '../errors/app-error.js';
import type { AppRequest } from './request.js';

type Recorder = (refusal: AppError, actor: Actor, request: AppRequest) => Promise<void>;

/** Refusals on their way to whoever was refused. The module that keeps a record of them fills in how. */
@Injectable()
export class Refusals {
  private recorder: Recorder | null = null;

  recordWith(recorder: Recorder): void {
    this.recorder = recorder;
  }

  /** Records what was refused to somebody we know, unless whoever refused it has done so; any other error is left alone. */
  async record(error: unknown, request: AppRequest): Promise<void> {
    const { actor } = request;
    if (!(error instanceof AppError) || error.kind !== 'forbidden' || error.recorded) return;
    if (actor !== undefined) await this.recorder?.(error, actor, request);
  }
}
