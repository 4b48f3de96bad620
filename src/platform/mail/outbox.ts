import { Inject, Injectable } from '@nestjs/common';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { isId } from '../persistence/ids.js';

const letterSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  at: z.iso.datetime(),
});

/** A mail that lies in the outbox instead of having been sent. */
export type Letter = z.output<typeof letterSchema>;

const MAX_LETTERS = 200;

/** Mails as files in the data folder, for when no SMTP server is configured. It keeps the newest 200. */
@Injectable()
export class Outbox {
  /** False where mail is really sent. */
  readonly inUse: boolean;
  private readonly folder: string;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) config: Pick<Config, 'mail' | 'dataDir'>,
  ) {
    this.inUse = config.mail.smtpUrl === null;
    this.folder = join(config.dataDir, 'outbox');
  }

  /** Putting the same letter again replaces it. */
  async put(letter: Omit<Letter, 'at'>): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(letter.id);
    const text = JSON.stringify({ ...letter, at: this.clock.now().toISOString() });
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
    const files = await this.files();
    for (const file of files.slice(MAX_LETTERS)) await rm(join(this.folder, file), { force: true });
  }

  /** The newest first. */
  async list(): Promise<Letter[]> {
    const letters = await Promise.all((await this.files()).map(async (file) => this.find(file.slice(0, -5))));
    return letters.filter((letter) => letter !== undefined);
  }

  async find(id: string): Promise<Letter | undefined> {
    if (!isId(id)) return undefined;
    const text = await readFile(this.pathOf(id), 'utf8').catch(unlessAbsent);
    return text === undefined ? undefined : letterSchema.parse(JSON.parse(text));
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id.toLowerCase()}.json`);
  }

  // Ids are in the order in which they were made.
  private async files(): Promise<string[]> {
    const files = (await readdir(this.folder).catch(unlessAbsent)) ?? [];
    return files.filter((file) => file.endsWith('.json')).sort((a, b) => b.localeCompare(a));
  }
}

function unlessAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
