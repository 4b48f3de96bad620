import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Page } from '../../../platform/http/answers.js';
import { Gone } from '../../../platform/http/gone.decorator.js';
import { SchemasService } from '../schemas.service.js';
import { ExplainInput } from './explain.dto.js';
import { ExplainService } from './explain.service.js';
import { planHints } from './plan-hints.js';
import { planPage, type PlanPage } from './plan.view.js';

@ApiTags('queries')
@Controller('queries/explain')
export class ExplainController {
  constructor(
    private readonly explain: ExplainService,
    private readonly schemas: SchemasService,
  ) {}

  @Post()
  @HttpCode(200)
  @Allow('queries:run')
  @ApiOperation({ summary: 'How the server would run a statement, with actual times on demand' })
  async plan(
    @CurrentActor() actor: Actor,
    @Body() input: ExplainInput,
    @Gone() gone: AbortSignal,
  ): Promise<Page<PlanPage>> {
    const { target, statement, plan, measurable } = await this.explain.explain(actor, input, gone);
    // Hints name indexes when the schema can be read; the plan stands without them.
    const catalog = await this.schemas.recent(target).catch(() => null);
    const model = planPage({
      plan,
      hints: planHints(plan, catalog),
      database: { id: target.databaseId, name: target.name },
      statement: statement.text,
      writes: statement.class !== 'read',
      measurable,
    });
    return new Page('workbench/plan', 'workbench/_plan', model);
  }
}
