import { applyDecorators, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { notFound } from '../../../platform/errors/app-error.js';
import { isId } from '../../../platform/persistence/ids.js';

/** Names a result: the run, and the number of the statement in it. */
export interface ResultName {
  readonly runId: string;
  readonly number: number;
}

/** Names a value of a result: the number of the row as it was read, and of the column. */
export interface CellName extends ResultName {
  readonly record: number;
  readonly column: number;
}

type Given = Readonly<Record<string, string>>;

/** The name in an address. What cannot be one names nothing, and is answered like everything that does not exist. */
@Injectable()
export class ResultNamePipe implements PipeTransform<Given, ResultName> {
  transform({ runId = '', number }: Given): ResultName {
    if (!isId(runId)) throw notFound('result');
    return { runId: runId.toLowerCase(), number: numberOf(number, 99) };
  }
}

@Injectable()
export class CellNamePipe implements PipeTransform<Given, CellName> {
  transform(given: Given): CellName {
    const record = numberOf(given['record'], 9_999_999);
    const column = numberOf(given['column'], 9999);
    return { ...new ResultNamePipe().transform(given), record, column };
  }
}

function numberOf(text: string | undefined, most: number): number {
  if (text === undefined || !/^\d{1,7}$/.test(text) || Number(text) > most) throw notFound('page');
  return Number(text);
}

export const ApiResultName = (): MethodDecorator =>
  applyDecorators(
    ApiParam({ name: 'runId', type: String }),
    ApiParam({ name: 'number', type: Number, description: 'Of the statement in its run, from 0' }),
  );

export const ApiCellName = (): MethodDecorator =>
  applyDecorators(
    ApiResultName(),
    ApiParam({ name: 'record', type: Number, description: 'Number of the row as it was read, from 0' }),
    ApiParam({ name: 'column', type: Number, description: 'Number of the column, from 0' }),
  );
