export type { Plan } from '../providers/provider.ts';
