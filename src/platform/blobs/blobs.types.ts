/** Whose quota a blob counts against. */
export interface BlobOwner {
  readonly tenantId: string;
  readonly ownerId: string;
}

/** What is known of a blob without reading it. */
export interface BlobFacts {
  readonly id: string;
  readonly chunks: number;
  readonly records: number;
  /** As stored, compressed. */
  readonly bytes: number;
  readonly kept: boolean;
  readonly expiresAt: Date;
}

/** Records that lie one behind the other in a chunk's content; how they are told apart is the writer's business. */
export interface BlobChunk {
  readonly firstRecord: number;
  readonly records: number;
  readonly content: Buffer;
}

export interface BlobQuota {
  readonly ownerBytes: number;
  readonly tenantBytes: number;
}
