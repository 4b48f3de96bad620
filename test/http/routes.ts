import { RequestMethod, type INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS, type Access } from '../../src/platform/access/access.decorators.js';

export interface Route {
  readonly method: string;
  readonly path: string;
  /** The permission, `public`, or `nothing` when the handler says neither. */
  readonly access: string;
}

/** Every route of the running application, from its controllers. */
export function routesOf(app: INestApplicationContext): Route[] {
  const scanner = new MetadataScanner();
  const routes = app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype, instance }: { metatype: unknown; instance?: unknown }) => {
      const base = pathsOf(Reflect.getMetadata(PATH_METADATA, metatype as object));
      const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
      return scanner.getAllMethodNames(prototype).flatMap((name) => routesIn(prototype[name] ?? {}, base));
    });
  return routes.sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
}

function routesIn(handler: object, bases: readonly string[]): Route[] {
  const paths = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
  if (paths === undefined) return [];
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? '';
  const access = Reflect.getMetadata(ACCESS, handler) as Access | undefined;
  const word = access === undefined ? 'nothing' : 'public' in access ? 'public' : access.allow;
  return bases.flatMap((base) =>
    pathsOf(paths).map((path) => ({ method, path: joined(base, path), access: word })),
  );
}

function pathsOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [typeof value === 'string' ? value : ''];
}

function joined(base: string, path: string): string {
  const parts = [base, path].flatMap((part) => part.split('/')).filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
