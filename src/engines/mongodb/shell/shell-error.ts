/** The text cannot be read as what this engine understands. */
export class ShellError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
    this.name = 'ShellError';
  }
}

/** The text is plain, and what it asks for is never done here. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
