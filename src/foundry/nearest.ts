export { nearest, slipOf } from '../providers/nearest.ts';
