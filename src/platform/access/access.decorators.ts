import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { Actor } from './actor.js';
import type { Permission } from './permissions.js';

export const ACCESS = 'clouddb:access';

/** What a handler says about who may call it. The guard refuses a handler that says nothing. */
export type Access = { allow: Permission } | { public: true };

/** Only actors with this permission reach the handler. */
export const Allow = (permission: Permission): CustomDecorator =>
  SetMetadata(ACCESS, { allow: permission } satisfies Access);

/** Anybody reaches the handler, signed in or not. */
export const Public = (): CustomDecorator => SetMetadata(ACCESS, { public: true } satisfies Access);

/** A request the guard has let through; `actor` is absent on public routes for strangers. */
export interface RequestWithActor {
  actor?: Actor;
}

/** The actor of the request. On an `@Allow` route there always is one. */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor | undefined => {
    return context.switchToHttp().getRequest<RequestWithActor>().actor;
  },
);
