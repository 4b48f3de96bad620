import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { HealthController } from '../health/health.controller.js';
import { Readiness } from '../health/readiness.js';
import { Metrics } from '../health/metrics.js';
import { Registry } from '../health/registry.js';
import { Transactions } from '../persistence/transactions.js';
import { AnswerWriter } from './answer-writer.js';
import { ApiDocsController } from './api-docs.controller.js';
import { ApiDocument } from './api-document.js';
import { HostCookies } from './cookies.js';
import { Drain } from './drain.js';
import { PageFrame } from './page-frame.js';
import { ProblemFilter } from './problem.filter.js';
import { Refusals } from './refusals.js';
import { validationPipe } from './validation.js';
import { ViewRenderer } from './view-renderer.js';

@Global()
@Module({
  controllers: [ApiDocsController, HealthController],
  providers: [
    AnswerWriter,
    ApiDocument,
    Clock,
    Drain,
    HostCookies,
    Metrics,
    PageFrame,
    Readiness,
    Refusals,
    Registry,
    {
      provide: ViewRenderer,
      inject: [CONFIG],
      useFactory: (config: Config) => new ViewRenderer({ reload: config.http.reloadTemplates }),
    },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
  ],
  exports: [Clock, Drain, HostCookies, Metrics, Refusals, Registry],
})
export class HttpModule {
  constructor(registry: Registry, transactions: Transactions) {
    registry.addCheck({
      name: 'management database',
      check: async () => transactions.manager.query<unknown>('select 1'),
    });
  }
}
