import { applySizes } from './bench/sizes.js';

// Before anything is painted, so that nothing jumps.
applySizes();
