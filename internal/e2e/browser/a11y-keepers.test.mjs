import { walk } from './lib/walk.mjs';

walk(['facilitator', 'steward', 'dpo', 'admin']);
