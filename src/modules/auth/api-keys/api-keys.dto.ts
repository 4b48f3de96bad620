import { ApiProperty } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsIn, IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';
import { API_KEY_SCOPES, type ApiKeyScope } from './api-key-scope.policy.js';

/** Forms send numbers as text. */
const asNumber = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : (value as unknown);

export class ApiKeyInput {
  @ApiProperty({ example: 'nightly export' })
  @IsString({ message: 'is missing' })
  @Length(1, 100, { message: 'has 1 to 100 characters' })
  @Matches(/^[^\p{Cc}]*$/u, { message: 'has no control characters' })
  name!: string;

  @ApiProperty({ enum: API_KEY_SCOPES })
  @IsIn(API_KEY_SCOPES, { message: 'is read, run or admin' })
  scope!: ApiKeyScope;

  @ApiProperty({ description: 'How many days the key is good', minimum: 1, maximum: 365 })
  @Transform(asNumber)
  @IsInt({ message: 'is a number of days from 1 to 365' })
  @Min(1, { message: 'is a number of days from 1 to 365' })
  @Max(365, { message: 'is a number of days from 1 to 365' })
  days!: number;
}
