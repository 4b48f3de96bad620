import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../access/actor.js';
import type { Role } from '../access/roles.js';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { Registry, type FrameItem } from '../health/registry.js';
import { takeFlash } from './flash.js';
import {
  THEME_COOKIE,
  themeOf,
  type FrameModel,
  type NavigationGroup,
  type NavigationItem,
} from './frame.js';
import type { AppRequest } from './request.js';

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  developer: 'Developer',
  manager: 'Manager',
  tenant_admin: 'Tenant admin',
};

/** Puts together what the page frame shows around a page. */
@Injectable()
export class PageFrame {
  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The frame of a whole page; takes the flash message that waits for it. */
  forPage(request: AppRequest, reply: FastifyReply): FrameModel {
    return {
      ...this.forFragment(request),
      flash: takeFlash(request, reply),
      styleNonce: reply.cspNonce.style,
    };
  }

  forFragment(request: AppRequest): FrameModel {
    const { actor } = request;
    return {
      account: actor === undefined ? null : accountOf(actor),
      navigation: actor === undefined ? [] : this.navigationOf(actor, request.url),
      theme: themeOf(request.cookies[THEME_COOKIE]),
      path: request.url,
      flash: null,
      styleNonce: null,
      environment: this.config.environment,
      now: this.clock.now().toISOString(),
    };
  }

  private navigationOf(actor: Actor, url: string): NavigationGroup[] {
    const path = url.split('?', 1)[0] ?? '/';
    const allowed = this.registry.frameItems.filter((item) => actor.permissions.has(item.permission));
    const groups = [...new Set(allowed.map((item) => item.group))];
    return groups.map((label) => ({
      label,
      items: allowed.filter((item) => item.group === label).map((item) => navigationItem(item, actor, path)),
    }));
  }
}

function navigationItem(item: FrameItem, actor: Actor, path: string): NavigationItem {
  const { label, href, icon } = item;
  const current = path === href || (href !== '/' && path.startsWith(`${href}/`));
  return { label, href, icon, current, count: item.count?.(actor) ?? null };
}

function accountOf(actor: Actor): FrameModel['account'] {
  const { membershipId: id, name, email, tenantName } = actor;
  const role =
    actor.platformRole === null ? ROLE_NAMES[actor.role] : `${ROLE_NAMES[actor.role]}, super admin`;
  return { id, name, email, tenantName, role };
}
