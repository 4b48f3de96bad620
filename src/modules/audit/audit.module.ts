import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { AuditController } from './audit.controller.js';
import { AuditJobs } from './audit.jobs.js';
import { AuditRepository } from './audit.repository.js';
import { AuditSealerService } from './audit-sealer.service.js';
import { AuditService } from './audit.service.js';
import { AuditVerifierService } from './audit-verifier.service.js';
import { ChainRepository } from './chain.repository.js';
import { RefusalRecorder } from './refusal-recorder.js';

@Module({
  controllers: [AuditController],
  providers: [
    AuditJobs,
    AuditRepository,
    AuditSealerService,
    AuditService,
    AuditVerifierService,
    ChainRepository,
    RefusalRecorder,
  ],
  exports: [AuditService, AuditSealerService, AuditVerifierService],
})
export class AuditModule {
  constructor(registry: Registry) {
    registry.addFrameItem({
      group: 'Govern',
      label: 'Audit',
      href: '/audit',
      icon: 'scroll-text',
      permission: 'audit:read',
      order: 80,
    });
  }
}
