import {
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, of, type Observable } from 'rxjs';
import { AppError } from '../../../platform/errors/app-error.js';
import { Done } from '../../../platform/http/answers.js';
import { faceOf, type AppRequest } from '../../../platform/http/request.js';

/**
 * On a handler that asks for a fresh proof: a browser is led to give it and back to `returnTo`; JSON gets the problem
 * document.
 */
export function ConfirmFirst(returnTo: string): MethodDecorator {
  return UseInterceptors(new ConfirmFirstInterceptor(returnTo));
}

class ConfirmFirstInterceptor implements NestInterceptor {
  constructor(private readonly returnTo: string) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    return next.handle().pipe(
      catchError((error: unknown) => {
        const asked = error instanceof AppError && error.code === 'confirmation_required';
        if (!asked || faceOf(request) === 'json') throw error;
        const address = `/auth/confirm?next=${encodeURIComponent(this.returnTo)}`;
        return of(Done.to(address, { confirmation: 'required' }));
      }),
    );
  }
}
