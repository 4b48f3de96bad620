import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../access/actor.js';
import type { Role } from '../access/roles.js';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { Registry, type FrameItem } from '../health/registry.js';
import { takeFlash } from './flash.js';
import {
  NAVIGATION_COOKIE,
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
  async forPage(request: AppRequest, reply: FastifyReply): Promise<FrameModel> {
    const { actor } = request;
    const frame = {
      ...this.forFragment(request),
      flash: takeFlash(request, reply),
      styleNonce: reply.cspNonce.style,
    };
    if (actor === undefined) return frame;
    const [navigation, tenants] = await Promise.all([
      this.navigationOf(actor, request.url),
      this.registry.tenantsOf(actor),
    ]);
    return { ...frame, navigation, tenants: tenants.filter(({ id }) => id !== actor.tenantId) };
  }

  /** Around a problem: what is broken may be what the frame is made of, and the problem is shown without it then. */
  async forProblem(request: AppRequest, reply: FastifyReply): Promise<FrameModel> {
    return this.forPage(request, reply).catch(() => this.forFragment(request));
  }

  /** Around a fragment there is no navigation. */
  forFragment(request: AppRequest): FrameModel {
    const { actor, cookies } = request;
    return {
      account: actor === undefined ? null : accountOf(actor),
      tenants: [],
      navigation: [],
      narrow: cookies[NAVIGATION_COOKIE] === 'narrow',
      theme: themeOf(cookies[THEME_COOKIE]),
      path: request.url,
      flash: null,
      styleNonce: null,
      environment: this.config.environment,
      now: this.clock.now().toISOString(),
    };
  }

  private async navigationOf(actor: Actor, url: string): Promise<NavigationGroup[]> {
    const path = url.split('?', 1)[0] ?? '/';
    const allowed = this.registry.frameItems.filter((item) => actor.permissions.has(item.permission));
    const items = await Promise.all(allowed.map(async (item) => navigationItem(item, actor, path)));
    const groups = [...new Set(allowed.map((item) => item.group))];
    return groups.map((label) => ({
      label,
      items: items.filter((_, index) => allowed[index]?.group === label),
    }));
  }
}

async function navigationItem(item: FrameItem, actor: Actor, path: string): Promise<NavigationItem> {
  const { label, href, icon } = item;
  const current = path === href || (href !== '/' && path.startsWith(`${href}/`));
  return { label, href, icon, current, count: (await item.count?.(actor)) ?? null };
}

function accountOf(actor: Actor): FrameModel['account'] {
  const { membershipId: id, name, email, tenantName } = actor;
  const role =
    actor.platformRole === null ? ROLE_NAMES[actor.role] : `${ROLE_NAMES[actor.role]}, super admin`;
  return { id, name, email, tenantName, role };
}
