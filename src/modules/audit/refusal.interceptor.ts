import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { AppError } from '../../platform/errors/app-error.js';
import type { AppRequest } from '../../platform/http/request.js';
import { AuditService } from './audit.service.js';

/** Records every act that a policy refused, wherever that was, unless whoever refused it has done so. */
@Injectable()
export class RefusalInterceptor implements NestInterceptor {
  constructor(private readonly audit: AuditService) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        await this.record(error, request);
        throw error;
      }),
    );
  }

  private async record(error: unknown, { actor, method, routeOptions, url }: AppRequest): Promise<void> {
    if (!(error instanceof AppError) || error.kind !== 'forbidden' || error.recorded || actor === undefined)
      return;
    const details = {
      route: `${method} ${routeOptions.url ?? ''}`,
      address: url.split('?', 1)[0],
      code: error.code,
    };
    await this.audit.record(actor, 'access.refuse', { outcome: 'refused', details });
  }
}
