import type { FrameModel } from '../../../src/platform/http/frame.js';
import { makeFrame, makeStrangerFrame } from './frame.js';

/** A template with a model to render it with. */
export interface Sample {
  readonly template: string;
  /** What is special about this model. */
  readonly variant: string;
  readonly model: object;
  readonly frame: FrameModel;
}

export function page(path: string, template: string, variant: string, model: object, frame: Partial<FrameModel> = {}): Sample {
  return { template, variant, model, frame: makeFrame({ path, ...frame }) };
}

export function stranger(
  template: string,
  variant: string,
  model: object,
  frame: Partial<FrameModel> = {},
): Sample {
  return { template, variant, model, frame: makeStrangerFrame(frame) };
}
