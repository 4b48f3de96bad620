import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Row } from '../../../engines/engine.js';
import { Blobs } from '../../../platform/blobs/blobs.js';
import { Arranger, isArranged, type Arrangement } from './arrangement.js';
import { RecordRow } from './row-records.js';
import type { KeptResult } from './results.types.js';

/** Which rows somebody looks at: the first `shown`, filtered and sorted among themselves. */
export interface View extends Arrangement {
  readonly shown: number;
}

/** A row with its number among the kept ones. The row is valid only until the next one is asked for. */
export interface PlacedRow {
  readonly row: Row;
  readonly record: number;
}

interface Located {
  readonly content: Buffer;
  readonly at: number;
}

const CACHE_BYTES = 16 * 1_048_576;

/** Reads kept rows back, in the order in which somebody wants to see them. */
@Injectable()
export class ResultReader {
  private readonly orders = new LRUCache<string, Uint32Array>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (order) => order.byteLength + 1,
  });

  constructor(private readonly blobs: Blobs) {}

  /** How many rows the view has. */
  async count(result: KeptResult, view: View): Promise<number> {
    return isArranged(view) ? (await this.orderOf(result, view)).length : view.shown;
  }

  /** Rows of the view from `from` up to before `to`. */
  async *rows(result: KeptResult, view: View, from: number, to: number): AsyncGenerator<PlacedRow> {
    if (!isArranged(view)) {
      yield* this.scan(result, from, Math.min(to, view.shown));
      return;
    }
    const order = (await this.orderOf(result, view)).subarray(from, to);
    const located = await this.locate(result, order);
    const row = new RecordRow(result.columns);
    for (const record of order) {
      const place = located.get(record);
      if (place === undefined) throw new Error(`The record ${String(record)} is not where it was.`);
      row.read(place.content, place.at);
      yield { row, record };
    }
  }

  /** One kept row; undefined when there is none with this number. */
  async find(result: KeptResult, record: number): Promise<Row | undefined> {
    if (record >= result.read) return undefined;
    for await (const { row } of this.scan(result, record, record + 1)) return row;
    return undefined;
  }

  private async *scan(result: KeptResult, from: number, to: number): AsyncGenerator<PlacedRow> {
    if (from >= to) return;
    const row = new RecordRow(result.columns);
    for await (const { content, firstRecord } of this.blobs.read(result.tenantId, result.blobId, from, to)) {
      let at = 0;
      for (let record = firstRecord; at < content.length && record < to; record += 1) {
        at = row.read(content, at);
        if (record >= from) yield { row, record };
      }
    }
  }

  /** Finds where records lie, so that they can be read in any order. */
  private async locate(result: KeptResult, records: Uint32Array): Promise<Map<number, Located>> {
    const wanted = new Set(records);
    const located = new Map<number, Located>();
    if (wanted.size === 0) return located;
    const first = records.reduce((least, record) => Math.min(least, record));
    const last = records.reduce((most, record) => Math.max(most, record));
    const chunks = this.blobs.read(result.tenantId, result.blobId, first, last + 1);
    for await (const { content, firstRecord, records: count } of chunks) {
      let at = 0;
      for (let record = firstRecord; record < firstRecord + count; record += 1) {
        if (wanted.has(record)) located.set(record, { content, at });
        at = RecordRow.next(content, at);
      }
    }
    return located;
  }

  private async orderOf(result: KeptResult, view: View): Promise<Uint32Array> {
    const { shown, sort, filter } = view;
    const key = JSON.stringify([result.blobId, shown, sort, filter]);
    const known = this.orders.get(key);
    if (known !== undefined) return known;
    const arranger = new Arranger(result.columns, view);
    for await (const { row, record } of this.scan(result, 0, shown)) arranger.add(row, record);
    const order = arranger.order();
    this.orders.set(key, order);
    return order;
  }
}
