import { Global, Module } from '@nestjs/common';
import { KeyCheck } from './key-check.js';
import { Sealing } from './sealing.js';

@Global()
@Module({ providers: [KeyCheck, Sealing], exports: [KeyCheck, Sealing] })
export class SealingModule {}
