import { Global, Module } from '@nestjs/common';
import { Egress } from './egress.js';
import { OutgoingHttp } from './outgoing-http.js';
import { Resolver } from './resolver.js';

@Global()
@Module({ providers: [Egress, OutgoingHttp, Resolver], exports: [Egress, OutgoingHttp] })
export class EgressModule {}
