import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { isApi, type AppRequest } from './request.js';

/** Where a request came from, for routes that have no actor yet. */
export interface RequestOrigin {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Under /api/v1. */
  readonly api: boolean;
}

export function originOf(request: AppRequest): RequestOrigin {
  return {
    ip: request.ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
    requestId: request.id,
    api: isApi(request),
  };
}

export const Origin = createParamDecorator((_: unknown, context: ExecutionContext): RequestOrigin =>
  originOf(context.switchToHttp().getRequest<AppRequest>()),
);
