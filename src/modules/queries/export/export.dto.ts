import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { ViewQuery } from '../results/results.dto.js';
import { EXPORT_SCOPES, type ExportScope } from './export.types.js';
import { EXPORT_FORMATS, type ExportFormat } from './formats/row-format.js';

const given = (_: object, value: unknown): boolean => value !== undefined && value !== '';
const checkbox = Transform(({ value }: { value: unknown }) =>
  value === '1' || value === 'true' || value === 'on' ? true : value === '' ? undefined : value,
);

/** How a file is written. */
class FileWishes extends ViewQuery {
  @ApiProperty({ enum: EXPORT_FORMATS })
  @IsIn(EXPORT_FORMATS, { message: `is one of: ${EXPORT_FORMATS.join(', ')}` })
  format!: ExportFormat;

  @ApiPropertyOptional({ description: 'What to call the file, without its ending' })
  @IsOptional()
  @IsString({ message: 'is text' })
  @MaxLength(1000, { message: 'has at most 1,000 characters' })
  name?: string;

  @ApiPropertyOptional({ description: 'For SQL: the table that the rows go into, also as schema.table' })
  @ValidateIf(given)
  @Matches(/^[^\0]{1,130}$/, { message: 'is the name of a table' })
  table?: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'For CSV: leave cells as they are that a spreadsheet would take for a formula',
  })
  @IsOptional()
  @checkbox
  @IsBoolean({ message: 'is true or false' })
  keepFormulas?: boolean;

  @ApiPropertyOptional({ description: 'Names the export, so that it can be followed and cancelled' })
  @Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value))
  @IsOptional()
  @IsUUID(undefined, { message: 'is a UUID' })
  exportId?: string;
}

export class ResultExportInput extends FileWishes {
  @ApiProperty({ enum: EXPORT_SCOPES, description: 'all runs the statement again, and reads to its end' })
  @IsIn(EXPORT_SCOPES, { message: `is one of: ${EXPORT_SCOPES.join(', ')}` })
  scope!: ExportScope;
}

export class StatementExportInput extends FileWishes {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;

  @ApiProperty({ description: 'One statement that reads' })
  @IsString({ message: 'is the text to run' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  sql!: string;
}
