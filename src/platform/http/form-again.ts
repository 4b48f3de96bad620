import {
  applyDecorators,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, of, type Observable } from 'rxjs';
import { AppError, type ErrorKind } from '../errors/app-error.js';
import type { Page } from './answers.js';
import { faceOf, type AppRequest } from './request.js';

/** What was sent and why it was refused. */
export interface RefusedForm {
  /** A field as it was typed; empty when it was not sent. Never put a password back into a page. */
  readonly typed: (field: string) => string;
  /** The sentence for a field, or null. */
  readonly errorOf: (field: string) => string | null;
  /** What no field is at fault for; null when the fields say it all. */
  readonly problem: string | null;
  readonly error: AppError;
}

/** A missing right and a missing thing are pages of their own. */
const SHOWN: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'invalid',
  'unauthenticated',
  'conflict',
  'limited',
  'unavailable',
]);

/**
 * On a handler that takes a form: when it refuses, also by its DTO, a browser gets the form again with what was typed
 * and the reasons beside the fields. JSON gets the problem document as everywhere.
 */
export function FormAgain(build: (form: RefusedForm) => Page<object>): MethodDecorator {
  return applyDecorators(UseInterceptors(new FormInterceptor(build)));
}

class FormInterceptor implements NestInterceptor {
  constructor(private readonly build: (form: RefusedForm) => Page<object>) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    return next.handle().pipe(
      catchError((error: unknown) => {
        const shown = error instanceof AppError && SHOWN.has(error.kind) && faceOf(request) !== 'json';
        if (!shown) throw error;
        return of(this.build(refusedForm(error, request.body)));
      }),
    );
  }
}

export function refusedForm(error: AppError, body: unknown): RefusedForm {
  const fields: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return {
    typed: (field) => (typeof fields[field] === 'string' ? fields[field] : ''),
    errorOf: (field) => error.fields[field] ?? null,
    problem: Object.keys(error.fields).length > 0 ? null : error.message,
    error,
  };
}
