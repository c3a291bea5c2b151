import { describe, it } from 'node:test';
import { testRule } from 'dlint/testing';
import rules from '../index.js';

// Each example of each rule: its marks, its fix, and that neither changes under CRLF, comments and the like.
for (const rule of rules) testRule(rule, { describe, it });
