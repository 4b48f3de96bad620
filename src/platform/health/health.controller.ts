import { Controller, Get, Header, Headers, Inject, Ip } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { timingSafeEqual } from 'node:crypto';
import { Public } from '../access/access.decorators.js';
import { CONFIG, isLoopback, type Config } from '../config/config.js';
import { AppError, notFound } from '../errors/app-error.js';
import { Metrics } from './metrics.js';
import { Readiness, type Health } from './readiness.js';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: Readiness,
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('health/live')
  @Public()
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get(['health/ready', 'health'])
  @Public()
  @ApiOperation({ summary: 'The process and everything it needs work; 503 when not' })
  async ready(): Promise<Health> {
    const health = await this.health.ready();
    if (health.status === 'ready') return health;
    throw new AppError('unavailable', health.status, 'Not ready to serve requests.', {
      extra: { components: health.components },
      retryAfter: 5,
    });
  }

  /** With METRICS_TOKEN set it is asked for as a Bearer token; without it only this machine may look. */
  @Get('metrics')
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Metrics for Prometheus' })
  async scrape(
    @Headers('authorization') authorization: string | undefined,
    @Ip() ip: string,
  ): Promise<string> {
    const { metricsToken } = this.config;
    const allowed = metricsToken === null ? isLoopback(ip) : isEqual(authorization, `Bearer ${metricsToken}`);
    if (!allowed) throw notFound('page');
    return this.metrics.registry.metrics();
  }
}

function isEqual(given: string | undefined, wanted: string): boolean {
  const left = Buffer.from(given ?? '');
  const right = Buffer.from(wanted);
  return left.length === right.length && timingSafeEqual(left, right);
}
