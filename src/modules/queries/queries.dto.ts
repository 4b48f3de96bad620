import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { STATEMENT_CLASSES, type StatementClass } from '../../engines/engine.js';
import { ROLES } from '../../platform/access/roles.js';
import { RUN_STATES, type RunState } from './queries.types.js';

const given = (_: object, value: unknown): boolean => value !== undefined && value !== '';
/** Forms send numbers as text. */
const whole = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value === '' ? undefined : value,
);

export class RunInput {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;

  @ApiProperty()
  @IsString({ message: 'is the text to run' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  sql!: string;

  @ApiPropertyOptional({ default: 1000, maximum: 10_000 })
  @IsOptional()
  @whole
  @IsInt({ message: 'is a whole number' })
  @Min(1, { message: 'is at least 1' })
  @Max(10_000, { message: 'is at most 10,000' })
  maxRows?: number;

  @ApiPropertyOptional({ default: 30_000, maximum: 300_000 })
  @IsOptional()
  @whole
  @IsInt({ message: 'is a whole number of milliseconds' })
  @Min(100, { message: 'is at least 100' })
  @Max(300_000, { message: 'is at most 300,000' })
  timeoutMs?: number;

  @ApiPropertyOptional({ enum: ROLES, description: 'Run with a lower role than your own' })
  @ValidateIf(given)
  @IsIn(ROLES, { message: `is one of: ${ROLES.join(', ')}` })
  asRole?: string;

  @ApiPropertyOptional({ description: 'Names the run, so that it can be cancelled while it is under way' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is a UUID' })
  runId?: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Keep the results for a while, with what comes after the rows that are shown; the answer has the first 200 rows of each',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === '1' || value === 'true' ? true : value))
  @IsBoolean({ message: 'is true or false' })
  keep?: boolean;
}

export class HistoryQuery {
  @ApiPropertyOptional({ description: 'The id of the last run seen' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a run' })
  before?: string;

  @ApiPropertyOptional({ description: 'A part of the text' })
  @ValidateIf(given)
  @IsString({ message: 'is a text' })
  @MaxLength(200, { message: 'has at most 200 characters' })
  q?: string;

  @ApiPropertyOptional()
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId?: string;

  @ApiPropertyOptional({ enum: RUN_STATES })
  @ValidateIf(given)
  @IsIn(RUN_STATES, { message: `is one of: ${RUN_STATES.join(', ')}` })
  status?: RunState;

  @ApiPropertyOptional({ enum: STATEMENT_CLASSES })
  @ValidateIf(given)
  @IsIn(STATEMENT_CLASSES, { message: `is one of: ${STATEMENT_CLASSES.join(', ')}` })
  class?: StatementClass;
}

export class DatabaseQuery {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;
}

export class SampleQuery extends DatabaseQuery {
  @ApiPropertyOptional({ description: 'Schema of the table', default: 'public' })
  @IsOptional()
  @Matches(/^[^\0]{1,63}$/, { message: 'is the name of a schema' })
  schema?: string;
}

export class WorkbenchQuery {
  @ApiPropertyOptional()
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId?: string;

  @ApiPropertyOptional({ description: 'What to look for in the schema' })
  @IsOptional()
  @IsString({ message: 'is what to look for' })
  @MaxLength(200, { message: 'has at most 200 characters' })
  find?: string;

  @ApiPropertyOptional({ description: 'A run to open again' })
  @ValidateIf(given)
  @IsUUID(undefined, { message: 'is the id of a run' })
  run?: string;
}
