import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { DatabasesModule } from '../databases/databases.module.js';
import { QueriesModule } from '../queries/queries.module.js';
import { OverviewController } from './overview.controller.js';
import { OverviewPages } from './overview-pages.js';

@Module({
  imports: [DatabasesModule, QueriesModule],
  controllers: [OverviewController],
  providers: [OverviewPages],
})
export class WorkspaceModule {
  constructor(registry: Registry) {
    registry.addFrameItem({
      group: null,
      label: 'Overview',
      href: '/',
      icon: 'layout-dashboard',
      permission: 'overview:read',
      order: 10,
    });
  }
}
