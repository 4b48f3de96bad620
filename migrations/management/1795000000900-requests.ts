import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table request_number (
    tenant_id uuid constraint pk_request_number primary key constraint fk_request_number_tenant references tenant (id),
    last integer not null
  );

  create table query_request (
    id uuid constraint pk_query_request primary key,
    tenant_id uuid not null constraint fk_query_request_tenant references tenant (id),
    number integer not null,
    requester_id uuid not null,
    last_editor_id uuid not null,
    database_id uuid not null,
    pod_id uuid,
    kind text not null constraint ck_query_request_kind check (kind in ('sql', 'mongo', 'script')),
    title text not null,
    text text not null,
    text_hash text not null,
    reason text not null,
    run text not null constraint ck_query_request_run check (run in ('on_approval', 'at', 'by_hand')),
    scheduled_for timestamptz,
    window_from timestamptz,
    window_until timestamptz,
    state text not null constraint ck_query_request_state check (state in
      ('pending', 'approved', 'executing', 'executed', 'failed', 'rejected', 'withdrawn', 'expired')),
    state_reason text,
    state_since timestamptz not null,
    expires_at timestamptz,
    version integer not null default 1,
    risk text not null constraint ck_query_request_risk check (risk in ('low', 'medium', 'high')),
    environment text not null,
    analysis jsonb not null,
    steps jsonb not null,
    target_hash text not null,
    schema_hash text,
    effect jsonb,
    tolerance integer,
    undo_of uuid,
    created_at timestamptz not null,
    constraint ck_query_request_schedule check ((run = 'at') = (scheduled_for is not null)),
    constraint uq_query_request_number unique (tenant_id, number),
    constraint uq_query_request_tenant_id unique (tenant_id, id),
    constraint fk_query_request_requester foreign key (tenant_id, requester_id) references membership (tenant_id, id),
    constraint fk_query_request_editor foreign key (tenant_id, last_editor_id) references membership (tenant_id, id),
    constraint fk_query_request_database foreign key (tenant_id, database_id) references database (tenant_id, id),
    constraint fk_query_request_pod foreign key (tenant_id, pod_id) references pod (tenant_id, id),
    constraint fk_query_request_undo foreign key (tenant_id, undo_of) references query_request (tenant_id, id)
  );
  create index ix_query_request_state on query_request (tenant_id, state, number desc);
  create index ix_query_request_requester on query_request (tenant_id, requester_id, number desc);
  create index ix_query_request_database on query_request (tenant_id, database_id, number desc);
  create index ix_query_request_due on query_request (state, expires_at) where state in ('pending', 'approved');

  create table request_event (
    request_id uuid not null constraint fk_request_event_request references query_request (id),
    seq integer not null,
    at timestamptz not null,
    actor_id uuid,
    actor_name text not null,
    kind text not null,
    details jsonb not null,
    constraint pk_request_event primary key (request_id, seq)
  );

  -- what counts towards the steps of one version; a person counts once
  create table request_decision (
    request_id uuid not null constraint fk_request_decision_request references query_request (id),
    version integer not null,
    membership_id uuid not null,
    name text not null,
    step integer not null,
    at timestamptz not null,
    constraint pk_request_decision primary key (request_id, version, membership_id)
  );

  create table execution_attempt (
    id uuid constraint pk_execution_attempt primary key,
    request_id uuid not null constraint fk_execution_attempt_request references query_request (id),
    number integer not null,
    node_id uuid not null,
    phase text not null constraint ck_execution_attempt_phase
      check (phase in ('claimed', 'connecting', 'started', 'commit-sent', 'ended')),
    lease_until timestamptz not null,
    token text,
    backend_id text,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome text constraint ck_execution_attempt_outcome check (outcome in ('executed', 'failed', 'interrupted')),
    reason text,
    affected_rows integer,
    duration_ms double precision,
    results jsonb,
    -- before and after images, as compressed JSON
    images bytea,
    constraint uq_execution_attempt_number unique (request_id, number),
    constraint ck_execution_attempt_end check ((phase = 'ended') = (ended_at is not null and outcome is not null))
  );
  create unique index uq_execution_attempt_open on execution_attempt (request_id) where ended_at is null;
  create index ix_execution_attempt_lease on execution_attempt (lease_until) where ended_at is null;
`;

const LIFE = `
  create function request_check_transition() returns trigger language plpgsql as $$
  declare
    allowed constant jsonb := '{
      "pending": ["approved", "rejected", "withdrawn", "expired"],
      "approved": ["executing", "withdrawn", "expired", "pending"],
      "executing": ["executed", "failed"]}';
  begin
    if tg_op = 'INSERT' then
      if new.state <> 'pending' then
        raise exception 'a request begins as pending, not as %', new.state using errcode = 'check_violation';
      end if;
      return new;
    end if;
    if new.state = old.state then return new; end if;
    if not coalesce((allowed -> old.state) ? new.state, false) then
      raise exception 'a request cannot go from % to %', old.state, new.state using errcode = 'check_violation';
    end if;
    if coalesce(current_setting('clouddb.transition', true), '') <> new.id::text then
      raise exception 'a request changes its state through request_transition() only' using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger query_request_transition before insert or update on query_request
    for each row execute function request_check_transition();

  create function request_note(request uuid, at timestamptz, actor uuid, name text, kind text, details jsonb)
  returns integer language plpgsql as $$
  declare place integer;
  begin
    perform from query_request r where r.id = request for update;
    select coalesce(max(e.seq), 0) + 1 into place from request_event e where e.request_id = request;
    insert into request_event (request_id, seq, at, actor_id, actor_name, kind, details)
    values (request, place, at, actor, name, kind, details);
    return place;
  end $$;

  -- the only way from one state to another; answers whether the request was in the state it was to leave
  create function request_transition(tenant uuid, request uuid, from_state text, to_state text, at timestamptz,
    expires timestamptz, why text, actor uuid, name text, kind text, details jsonb)
  returns boolean language plpgsql as $$
  begin
    perform from query_request r where r.tenant_id = tenant and r.id = request and r.state = from_state for update;
    if not found then return false; end if;
    perform set_config('clouddb.transition', request::text, true);
    update query_request r set state = to_state, state_reason = why, state_since = at, expires_at = expires
     where r.id = request;
    perform set_config('clouddb.transition', '', true);
    perform request_note(request, at, actor, name, kind, details);
    return true;
  end $$;

  create function request_refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on % is refused: the history of a request only grows', tg_op, tg_table_name
      using errcode = 'insufficient_privilege';
  end $$;
  create trigger request_event_append_only before update or delete or truncate on request_event
    for each statement execute function request_refuse_change();
`;

/** Requests with their states, history, decisions and attempts to execute them. */
export class Requests1795000000900 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(LIFE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table execution_attempt, request_decision, request_event, query_request, request_number',
    );
    await runner.query(
      `drop function request_transition(uuid, uuid, text, text, timestamptz, timestamptz, text, uuid, text, text, jsonb),
       request_note(uuid, timestamptz, uuid, text, text, jsonb), request_check_transition(), request_refuse_change()`,
    );
  }
}
