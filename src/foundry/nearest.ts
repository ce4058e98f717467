export { nearest } from '../providers/nearest.ts';
