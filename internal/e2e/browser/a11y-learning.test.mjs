import { walk } from './lib/walk.mjs';

walk('learning');
