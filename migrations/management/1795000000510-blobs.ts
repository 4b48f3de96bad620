import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Slots 0 to 8 are days in turn, emptied as a whole; slot 9 is what somebody keeps for longer. */
const SLOTS = Array.from({ length: 10 }, (_, slot) => slot);

const TABLES = `
  create table blob (
    id uuid constraint pk_blob primary key,
    -- no foreign keys: what is stored for a while outlives nobody, and its purge asks nobody
    tenant_id uuid not null,
    owner_id uuid not null,
    slot smallint not null,
    chunks integer not null,
    records integer not null,
    bytes bigint not null,
    kept boolean not null default false,
    created_at timestamptz not null,
    expires_at timestamptz not null
  );
  create index ix_blob_owner on blob (tenant_id, owner_id, created_at desc);
  create index ix_blob_slot on blob (slot, expires_at);

  create table blob_chunk (
    slot smallint not null,
    blob_id uuid not null,
    number integer not null,
    first_record integer not null,
    records integer not null,
    content bytea not null,
    constraint pk_blob_chunk primary key (slot, blob_id, number)
  ) partition by list (slot);
`;

/** The content is compressed already: the server need not try. */
const partition = (slot: number): string => `
  create table blob_chunk_${String(slot)} partition of blob_chunk for values in (${String(slot)});
  alter table blob_chunk_${String(slot)} alter column content set storage external;
`;

const FUNCTIONS = `
  -- A chunk and what the blob amounts to with it, in one round trip that does not wait for the disk: what a crash of
  -- the machine forgets is only a result that has to be run again.
  create function blob_append(blob_id uuid, tenant uuid, owner uuid, in_slot smallint, made timestamptz,
                              expires timestamptz, chunk integer, first integer, held integer, content bytea)
  returns void language plpgsql as $$
  begin
    perform set_config('synchronous_commit', 'off', true);
    insert into blob (id, tenant_id, owner_id, slot, chunks, records, bytes, created_at, expires_at)
    values (blob_id, tenant, owner, in_slot, 1, held, length(content), made, expires)
    on conflict (id) do update set chunks = blob.chunks + 1, records = blob.records + excluded.records,
                                   bytes = blob.bytes + excluded.bytes;
    insert into blob_chunk (slot, blob_id, number, first_record, records, content)
    values (in_slot, blob_append.blob_id, chunk, first, held, blob_append.content);
  end $$;

  -- The application may not TRUNCATE; it may have a slot emptied in which nothing is alive any more.
  create function blob_clear(in_slot smallint, at timestamptz) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
  declare gone integer;
  begin
    if in_slot not between 0 and 8 then raise exception 'slot % is not emptied as a whole', in_slot; end if;
    perform set_config('lock_timeout', '2s', true);
    execute format('lock table blob_chunk_%s in access exclusive mode', in_slot);
    if exists (select from blob where slot = in_slot and expires_at > at) then return 0; end if;
    delete from blob where slot = in_slot;
    get diagnostics gone = row_count;
    execute format('truncate blob_chunk_%s', in_slot);
    return gone;
  end $$;
`;

const APPEND =
  'blob_append(uuid, uuid, uuid, smallint, timestamptz, timestamptz, integer, integer, integer, bytea)';

/** Large results in chunks, in one partition a day, so that purging them is emptying a table. */
export class Blobs1795000000510 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const slot of SLOTS) await runner.query(partition(slot));
    await runner.query(FUNCTIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${APPEND}, blob_clear(smallint, timestamptz)`);
    await runner.query('drop table blob_chunk, blob');
  }
}
