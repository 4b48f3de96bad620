import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DatabaseQuery } from '../queries.dto.js';

const NAME = 'is the name of something in the schema';

export class TreeQuery extends DatabaseQuery {
  @ApiPropertyOptional({ description: '`schema:public`, `routines:public` or `table:public/orders`' })
  @IsOptional()
  @IsString({ message: NAME })
  @MaxLength(1000, { message: NAME })
  branch?: string;

  @ApiPropertyOptional({ description: 'Part of the name of a table or column' })
  @IsOptional()
  @IsString({ message: 'is what to look for' })
  @MaxLength(200, { message: 'has at most 200 characters' })
  q?: string;

  @ApiPropertyOptional({
    enum: ['1'],
    description: 'For pages: only the lines, without the field to search in',
  })
  @IsOptional()
  @IsIn(['1'], { message: 'is 1' })
  part?: string;

  @ApiPropertyOptional({ description: 'How many of the branch were shown already' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => Number(value))
  @IsInt({ message: 'is a whole number' })
  @Min(0, { message: 'is a whole number' })
  @Max(10_000_000, { message: 'is at most 10,000,000' })
  after?: number;

  @ApiPropertyOptional({ enum: ['1'], description: 'Ask the server again instead of the cache' })
  @IsOptional()
  @IsIn(['1'], { message: 'is 1' })
  refresh?: string;
}

export class TableQuery extends DatabaseQuery {
  @ApiPropertyOptional()
  @IsString({ message: NAME })
  @MaxLength(200, { message: NAME })
  schema!: string;

  @ApiPropertyOptional()
  @IsString({ message: NAME })
  @MaxLength(200, { message: NAME })
  table!: string;
}
