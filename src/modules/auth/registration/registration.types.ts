/** Where a request came from, for the audit log and the limits. */
export interface RequestPlace {
  readonly ip: string;
  readonly requestId: string;
}

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Name of a new organisation. */
  readonly organisation?: string;
}
