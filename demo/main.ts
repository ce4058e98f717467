import { parseArgs } from 'node:util';
import { brief } from './brief.ts';
import { full } from './full.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    failure: { type: 'string' },
    speed: { type: 'string', default: '25' },
  },
});

if (values.full) await full(values.speed, values.failure ?? 'kv-cache-too-small');
else await brief(values.speed, values.failure ?? 'image-pull');
