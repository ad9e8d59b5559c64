import { walk } from './lib/walk.mjs';

walk('data');
