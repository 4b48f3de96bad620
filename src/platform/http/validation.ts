import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { AppError } from '../errors/app-error.js';

/** Checks every body, query and parameter against its DTO; what the DTO does not name is refused. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      new AppError('invalid', 'validation_failed', 'Some of the input cannot be accepted.', {
        fields: Object.fromEntries(errors.flatMap((error) => sentences(error, ''))),
      }),
  });
}

function sentences(error: ValidationError, path: string): (readonly [string, string])[] {
  const name = `${path}${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(
    ([rule, text]) =>
      [name, rule === 'whitelistValidation' ? 'is not a field of this request' : text] as const,
  );
  const inner = (error.children ?? []).flatMap((child) => sentences(child, `${name}.`));
  return [...own, ...inner];
}
