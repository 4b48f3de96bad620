import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, type Access } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { AppError } from '../../platform/errors/app-error.js';
import { isApi, isBackground, type AppRequest } from '../../platform/http/request.js';
import { AuditService } from '../audit/audit.service.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { SessionCookie } from './session-cookie.js';
import { SessionsService, type RequestFacts } from './sessions.service.js';

/** Finds out who acts and lets through only what the handler's `@Allow` or `@Public` says. A handler without either is shut. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    private readonly keys: ApiKeysService,
    private readonly cookie: SessionCookie,
    private readonly audit: AuditService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    const token = this.tokenOf(request);
    const origin = { ip: request.ip, requestId: request.id, background: isBackground(request) };
    const actor = token === undefined ? undefined : await this.resolve(token, request, origin);
    if (actor !== undefined) request.actor = actor;
    if (access === undefined) throw new AppError('forbidden', 'not_allowed', 'Nobody may do this.');
    if ('public' in access) return true;
    if (actor === undefined) throw new AppError('unauthenticated', 'not_signed_in', 'Sign in first.');
    if (!actor.permissions.has(access.allow)) throw await this.refuse(actor, access.allow, request);
    return true;
  }

  /** Keys count only where Bearer tokens do: no cookie can be one. */
  private async resolve(
    token: string,
    request: AppRequest,
    origin: RequestFacts,
  ): Promise<Actor | undefined> {
    return isApi(request) && this.keys.isKey(token)
      ? this.keys.resolve(token, origin)
      : this.sessions.resolve(token, origin);
  }

  /** Bearer tokens count only under /api/v1, cookies only outside of it: no page can make a browser send the former. */
  private tokenOf(request: AppRequest): string | undefined {
    if (!isApi(request)) return request.cookies[this.cookie.name];
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    return scheme?.toLowerCase() === 'bearer' ? token : undefined;
  }

  private async refuse(actor: Actor, permission: string, request: AppRequest): Promise<AppError> {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    await this.audit.record(actor, 'access.refuse', { outcome: 'refused', details: { route, permission } });
    return new AppError('forbidden', 'not_allowed', 'Your role may not do this.', { recorded: true });
  }
}
