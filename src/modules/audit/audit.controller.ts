import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../platform/access/access.decorators.js';
import type { Actor } from '../../platform/access/actor.js';
import { Page } from '../../platform/http/answers.js';
import { AuditVerifierService } from './audit-verifier.service.js';
import { AuditQuery } from './audit.dto.js';
import { AuditService } from './audit.service.js';
import type { AuditFilter } from './audit.types.js';
import { auditPage, type AuditPage } from './audit.view.js';

const DAY_MS = 86_400_000;

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly verifier: AuditVerifierService,
  ) {}

  @Get()
  @Allow('audit:read')
  @ApiOperation({ summary: 'Who did what, newest first' })
  async list(@CurrentActor() actor: Actor, @Query() query: AuditQuery): Promise<Page<AuditPage>> {
    const [slice, actions, state] = await Promise.all([
      this.audit.list(actor, filterOf(query)),
      this.audit.listActions(actor),
      this.verifier.stateOf(actor.tenantId),
    ]);
    const { actor: by = '', action = '', object = '', from = '', to = '', before = '' } = query;
    const question = { actor: by, action, object, from, to, before };
    return new Page('audit/index', 'audit/_entries', auditPage(slice, actions, state, question));
  }
}

function filterOf({ from = '', to = '', ...rest }: AuditQuery): AuditFilter {
  return {
    ...rest,
    ...(from === '' ? {} : { from: new Date(from) }),
    ...(to === '' ? {} : { to: new Date(new Date(to).getTime() + DAY_MS) }),
  };
}
