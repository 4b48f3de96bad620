import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsOptional, IsString, MaxLength } from 'class-validator';

const emptyIsAbsent = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : (value as unknown);

/** What a step of the sign-in asks for; each step reads its own field. */
export class StepInput {
  @ApiPropertyOptional()
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is the id of an organisation' })
  @MaxLength(200, { message: 'is the id of an organisation' })
  tenant?: string;

  @ApiPropertyOptional()
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is a code' })
  @MaxLength(100, { message: 'is a code' })
  code?: string;

  @ApiPropertyOptional()
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'is a name' })
  @MaxLength(1000, { message: 'has 2 to 100 characters' })
  organisation?: string;
}
