import { Inject, Injectable } from '@nestjs/common';
import { Drain } from '../http/drain.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Registry, type HealthCheck } from './registry.js';

export interface ComponentHealth {
  readonly name: string;
  readonly status: 'up' | 'down';
  readonly ms: number;
}

export interface Health {
  readonly status: 'ready' | 'draining' | 'unavailable';
  readonly components: readonly ComponentHealth[];
}

const CHECK_TIMEOUT_MS = 2000;

/** Asks every component that modules registered whether it works. */
@Injectable()
export class Readiness {
  constructor(
    private readonly registry: Registry,
    private readonly drain: Drain,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async ready(): Promise<Health> {
    const components = await Promise.all(this.registry.healthChecks.map(async (check) => this.look(check)));
    const up = components.every((component) => component.status === 'up');
    const status = this.drain.draining ? 'draining' : up ? 'ready' : 'unavailable';
    return { status, components };
  }

  private async look(component: HealthCheck): Promise<ComponentHealth> {
    const { name } = component;
    const started = performance.now();
    const answer = (status: 'up' | 'down'): ComponentHealth => ({
      name,
      status,
      ms: Math.round(performance.now() - started),
    });
    try {
      await withTimeout(component.check());
      return answer('up');
    } catch (error) {
      // Drivers name hosts and users in their messages; those belong in the log only.
      this.logger.warn({ err: error, component: name }, 'A component is down');
      return answer('down');
    }
  }
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`No answer within ${String(CHECK_TIMEOUT_MS)} ms`));
    }, CHECK_TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}
