import { ENGINE_KINDS, type EngineDriver, type EngineKind } from './engine.js';

/** Kind → driver. Building it fails when a kind is doubled; asking for one that is missing fails too. */
export class EngineRegistry {
  private readonly drivers = new Map<EngineKind, EngineDriver>();

  constructor(drivers: readonly EngineDriver[]) {
    for (const driver of drivers) {
      if (this.drivers.has(driver.kind)) throw new Error(`Two drivers for the engine ${driver.kind}`);
      this.drivers.set(driver.kind, driver);
    }
  }

  get(kind: EngineKind): EngineDriver {
    const driver = this.drivers.get(kind);
    if (!driver) throw new Error(`No driver for the engine ${kind}`);
    return driver;
  }

  has(kind: EngineKind): boolean {
    return this.drivers.has(kind);
  }

  kinds(): readonly EngineKind[] {
    return ENGINE_KINDS.filter((kind) => this.drivers.has(kind));
  }

  async close(): Promise<void> {
    await Promise.all([...this.drivers.values()].map(async (driver) => driver.close()));
  }
}
