import { walk } from './lib/walk.mjs';

walk(['facilitator', 'steward', 'admin']);
