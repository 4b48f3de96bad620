import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsString, IsUUID, MaxLength } from 'class-validator';

export class ExplainInput {
  @ApiProperty()
  @IsUUID(undefined, { message: 'is the id of a database' })
  databaseId!: string;

  @ApiProperty({ description: 'One statement' })
  @IsString({ message: 'is the statement to explain' })
  @MaxLength(500_000, { message: 'has at most 500,000 characters' })
  sql!: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'Also run it, inside a transaction that is rolled back',
    default: false,
  })
  @Transform(({ value }: { value: unknown }) => value === true || value === 'true' || value === '1')
  @IsBoolean()
  analyse = false;
}
