import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentActor } from '../../../platform/access/access.decorators.js';
import type { Actor } from '../../../platform/access/actor.js';
import { Page } from '../../../platform/http/answers.js';
import { TableQuery, TreeQuery } from './schema-tree.dto.js';
import { SchemaTreePages } from './schema-tree-pages.js';
import type { SchemaTree, TableDefinition } from './schema-tree.view.js';

@ApiTags('queries')
@Controller('queries/schema')
export class SchemaTreeController {
  constructor(private readonly trees: SchemaTreePages) {}

  @Get('tree')
  @Allow('queries:read')
  @ApiOperation({ summary: 'The schema of a database place by place, or what matches `q`' })
  async tree(@CurrentActor() actor: Actor, @Query() query: TreeQuery): Promise<Page<SchemaTree>> {
    const part = query.branch !== undefined || query.part !== undefined;
    const fragment = part ? 'workbench/_branch' : 'workbench/_tree';
    return new Page('workbench/tree', fragment, await this.trees.tree(actor, query));
  }

  @Get('definition')
  @Allow('queries:read')
  @ApiOperation({ summary: 'The statements that would make a table, as far as the catalog tells' })
  async definition(@CurrentActor() actor: Actor, @Query() query: TableQuery): Promise<Page<TableDefinition>> {
    return new Page(
      'workbench/definition',
      'workbench/_definition',
      await this.trees.definition(actor, query),
    );
  }
}
