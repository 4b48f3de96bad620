import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class SearchQuery {
  @ApiPropertyOptional({ description: 'Part of a name or of a statement' })
  @IsOptional()
  @IsString({ message: 'is what to look for' })
  @MaxLength(200, { message: 'has at most 200 characters' })
  q?: string;
}
