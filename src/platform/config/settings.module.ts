import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LOGGER, type Logger } from '../logging/logger.js';
import { CONFIG, type Config } from './config.js';

/** Hands the configuration and the logger to whoever asks for CONFIG or LOGGER. */
@Global()
@Module({})
export class SettingsModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: SettingsModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [CONFIG, LOGGER],
    };
  }
}
