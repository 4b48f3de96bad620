import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { FILTER_OPERATORS, type FilterOperator } from './arrangement.js';

const given = (_: object, value: unknown): boolean => value !== undefined && value !== '';
/** Addresses and forms send numbers as text; what is left empty was not given. */
const whole = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value === '' ? undefined : value,
);
const WHOLE = { message: 'is a whole number' };
const MOST = 10_000_000;

/** Which rows of a kept result, and in which order. */
export class ViewQuery {
  @ApiPropertyOptional({ description: 'The first rows only, as far as they were read' })
  @IsOptional()
  @whole
  @IsInt(WHOLE)
  @Min(0, WHOLE)
  @Max(MOST, { message: 'is too large' })
  shown?: number;

  @ApiPropertyOptional({ description: 'Number of the column to sort by, from 0' })
  @IsOptional()
  @whole
  @IsInt(WHOLE)
  @Min(0, WHOLE)
  @Max(MOST, { message: 'is too large' })
  sort?: number;

  @ApiPropertyOptional({ enum: ['asc', 'desc'] })
  @ValidateIf(given)
  @IsIn(['asc', 'desc'], { message: 'is asc or desc' })
  dir?: 'asc' | 'desc';

  @ApiPropertyOptional({ description: 'Number of the column to filter by, from 0; any column without it' })
  @IsOptional()
  @whole
  @IsInt(WHOLE)
  @Min(0, WHOLE)
  @Max(MOST, { message: 'is too large' })
  column?: number;

  @ApiPropertyOptional({ enum: FILTER_OPERATORS })
  @ValidateIf(given)
  @IsIn(FILTER_OPERATORS, { message: `is one of: ${FILTER_OPERATORS.join(', ')}` })
  op?: FilterOperator;

  @ApiPropertyOptional({ description: 'What to compare with' })
  @IsOptional()
  @IsString({ message: 'is text' })
  @MaxLength(1000, { message: 'has at most 1,000 characters' })
  value?: string;
}

export class PartQuery extends ViewQuery {
  @ApiPropertyOptional({ description: 'The first row of the part, from 0' })
  @IsOptional()
  @whole
  @IsInt(WHOLE)
  @Min(0, WHOLE)
  @Max(MOST, { message: 'is too large' })
  from?: number;
}

export class CellQuery {
  @ApiPropertyOptional({
    type: Boolean,
    description: 'Everything that is kept of the value, not its beginning',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => value === '1' || value === 'true')
  all?: boolean;
}
