import { walk } from './lib/walk.mjs';

walk(['anonymous', 'agent', 'hr']);
