import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Min } from 'class-validator';

export class LiveQuery {
  @ApiPropertyOptional({ description: 'Milliseconds since 1970: the stream begins with what happened since' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === '' ? undefined : Number(value)))
  @IsInt({ message: 'is a number of milliseconds' })
  @Min(0, { message: 'is a number of milliseconds' })
  since?: number;
}
