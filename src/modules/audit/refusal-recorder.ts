import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusals } from '../../platform/http/refusals.js';
import { AuditService } from './audit.service.js';

/** Records every act that was refused to somebody who is signed in, wherever that was. */
@Injectable()
export class RefusalRecorder implements OnModuleInit {
  constructor(
    private readonly audit: AuditService,
    private readonly refusals: Refusals,
  ) {}

  onModuleInit(): void {
    this.refusals.recordWith(async ({ code }, actor, { method, routeOptions, url }) => {
      const route = `${method} ${routeOptions.url ?? ''}`;
      const details = { route, address: url.split('?', 1)[0], code };
      await this.audit.record(actor, 'access.refuse', { outcome: 'refused', details });
    });
  }
}
