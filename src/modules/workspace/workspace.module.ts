import { Module } from '@nestjs/common';
import { Registry } from '../../platform/health/registry.js';
import { DatabasesModule } from '../databases/databases.module.js';
import { QueriesModule } from '../queries/queries.module.js';
import { OverviewController } from './overview.controller.js';
import { OverviewPages } from './overview-pages.js';
import { PageFinder } from './page-finder.js';
import { SearchController } from './search.controller.js';
import { SearchPages } from './search-pages.js';

@Module({
  imports: [DatabasesModule, QueriesModule],
  controllers: [OverviewController, SearchController],
  providers: [OverviewPages, PageFinder, SearchPages],
})
export class WorkspaceModule {
  constructor(registry: Registry, pages: PageFinder) {
    registry.addFrameItem({
      group: null,
      label: 'Overview',
      href: '/',
      icon: 'layout-dashboard',
      permission: 'overview:read',
      order: 10,
    });
    registry.addSearchSource({
      group: 'Pages and acts',
      icon: 'arrow-right',
      order: 90,
      permission: 'session:own',
      find: async (actor, query, limit) => pages.find(actor, query, limit),
    });
  }
}
