import { Injectable, type PipeTransform } from '@nestjs/common';
import { notFound } from '../errors/app-error.js';
import { isId } from '../persistence/ids.js';

/** An id in an address. What cannot be one names nothing, and is answered like everything that does not exist. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isId(value)) throw notFound('page');
    return value.toLowerCase();
  }
}
