import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EngineRegistry } from '../../../engines/engine-registry.js';
import { NO_SCHEMA } from '../../../engines/schema-index.js';
import type { Actor } from '../../../platform/access/actor.js';
import { atLeast } from '../../../platform/access/roles.js';
import { DatabasesService } from '../../databases/databases.service.js';
import { SchemasService } from '../schemas.service.js';
import { checkText } from './check.js';
import type { CheckView, FormattedView } from './editor.types.js';
import { formatText } from './formatting.js';
import { schemaIndex } from './pack-schema.js';

/** Bytes of compressed indexes that are kept. */
const MAX_KEPT = 16_000_000;
/** Changes with the form of the index. */
const FORM = '1';

const compress = promisify(gzip);

export interface PackedIndex {
  readonly version: string;
  readonly gzipped: Buffer;
}

/** What the editor asks for while somebody types. Nothing here runs a statement or wakes a database up. */
@Injectable()
export class EditorService {
  private readonly packed = new LRUCache<string, PackedIndex>({
    maxSize: MAX_KEPT,
    sizeCalculation: ({ gzipped }) => gzipped.length + 1,
  });

  constructor(
    private readonly databases: DatabasesService,
    private readonly schemas: SchemasService,
    private readonly engines: EngineRegistry,
  ) {}

  /** The schema for completion, half a minute old at most, or as it is now. */
  async index(actor: Actor, databaseId: string, now: boolean): Promise<PackedIndex> {
    const target = await this.databases.targetIfRunning(actor, databaseId);
    if (target === null) return { version: 'none', gzipped: await compress(JSON.stringify(NO_SCHEMA)) };
    const catalog = now ? await this.schemas.describe(actor, databaseId) : await this.schemas.recent(target);
    const version = `${FORM}-${catalog.version}`;
    const key = `${databaseId} ${version}`;
    const known = this.packed.get(key);
    if (known !== undefined) return known;
    const gzipped = await compress(JSON.stringify(schemaIndex(catalog)), { level: 9 });
    const fresh = { version, gzipped };
    this.packed.set(key, fresh);
    return fresh;
  }

  async check(actor: Actor, databaseId: string, sql: string): Promise<CheckView> {
    const { record, writable, ruleFor } = await this.databases.get(actor, databaseId);
    const { role } = actor;
    const facts = { role, canWrite: writable && atLeast(role, 'developer'), ruleFor };
    return checkText(this.engines.get(record.engine), sql, facts);
  }

  async format(actor: Actor, databaseId: string, sql: string): Promise<FormattedView> {
    const { record } = await this.databases.get(actor, databaseId);
    return formatText(sql, record.engine);
  }
}
