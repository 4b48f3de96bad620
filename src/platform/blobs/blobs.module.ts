import { Global, Module } from '@nestjs/common';
import { Blobs } from './blobs.js';
import { BlobsJobs } from './blobs.jobs.js';
import { BlobsRepository } from './blobs.repository.js';

@Global()
@Module({ providers: [Blobs, BlobsJobs, BlobsRepository], exports: [Blobs] })
export class BlobsModule {}
