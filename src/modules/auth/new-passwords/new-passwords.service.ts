import { Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/errors/app-error.js';
import { AccountsService } from '../../users/accounts.service.js';
import { Passwords } from '../passwords.js';
import { passwordProblem, type PasswordOwner } from './password-rules.policy.js';

/** Passwords that people choose: checked against the rules, and against those they had before. */
@Injectable()
export class NewPasswordsService {
  constructor(
    private readonly passwords: Passwords,
    private readonly accounts: AccountsService,
  ) {}

  /** The hash of a first password; throws `weak_password`. */
  async hash(password: string, owner: PasswordOwner): Promise<string> {
    this.check(password, owner);
    return this.passwords.hash(password);
  }

  /** The hash of another password of an account; throws `weak_password` or `password_used_before`. */
  async hashNext(password: string, owner: PasswordOwner & { readonly id: string }): Promise<string> {
    this.check(password, owner);
    for (const former of await this.accounts.listPasswordHashes(owner.id)) {
      if (await this.passwords.matches(password, former))
        throw refusal('password_used_before', 'is one of the last five: choose another one');
    }
    return this.passwords.hash(password);
  }

  private check(password: string, owner: PasswordOwner): void {
    const problem = passwordProblem(password, owner);
    if (problem !== null) throw refusal('weak_password', problem);
  }
}

function refusal(code: string, problem: string): AppError {
  return new AppError('invalid', code, `The password ${problem}.`, { fields: { password: problem } });
}
