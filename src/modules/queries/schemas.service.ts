import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EngineRegistry } from '../../engines/engine-registry.js';
import type { Catalog } from '../../engines/engine.js';
import type { Actor } from '../../platform/access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { DatabasesService } from '../databases/databases.service.js';
import type { RunTarget } from '../databases/databases.types.js';

const FRESH_MS = 30_000;
/** Characters of JSON over all schemas that are kept. */
const MAX_KEPT = 32_000_000;

/** What databases hold, kept for a moment. Read with the read-only login. */
@Injectable()
export class SchemasService {
  private readonly kept = new LRUCache<string, { catalog: Catalog; at: number }>({
    maxSize: MAX_KEPT,
    sizeCalculation: ({ catalog }) => JSON.stringify(catalog).length + 1,
  });

  constructor(
    private readonly databases: DatabasesService,
    private readonly engines: EngineRegistry,
    private readonly clock: Clock,
  ) {}

  async describe(actor: Actor, databaseId: string): Promise<Catalog> {
    return this.catalogOf(await this.databases.runTarget(actor, databaseId), 0);
  }

  /** May be half a minute old. */
  async recent(target: RunTarget): Promise<Catalog> {
    return this.catalogOf(target, FRESH_MS);
  }

  /** What was read last, however long ago; asks no server. */
  known(databaseId: string): Catalog | undefined {
    return this.kept.get(databaseId)?.catalog;
  }

  private async catalogOf(target: RunTarget, maxAgeMs: number): Promise<Catalog> {
    const known = this.kept.get(target.databaseId);
    const now = this.clock.millis();
    if (known !== undefined && now - known.at < maxAgeMs) return known.catalog;
    await using session = await this.engines.get(target.engine).open(target.read, 'read');
    const catalog = await session.describe();
    this.kept.set(target.databaseId, { catalog, at: now });
    return catalog;
  }
}
