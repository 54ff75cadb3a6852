import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arranged, opensAsNotebook, Rule, suffixOf } from './rule.js';

const SUFFIXES = ['.py', '.md', '.R', '.Rmd'];
const RULE: Rule = { enabled: true, openAs: {} };
const EDITOR = { name: 'Editor' };
const NOTEBOOK = { name: 'Notebook' };

test('the content decides', () => {
  const rule = (path: string) => opensAsNotebook(path, SUFFIXES, RULE, found => found === 'a/b.py');
  assert.equal(rule('a/b.py'), true);
  assert.equal(rule('b.py'), false);
  assert.equal(rule('a/b.txt'), null);
  assert.equal(rule('a/b.ipynb'), null);
  assert.equal(rule('a.py/b'), null);
});

test('a setting decides for a suffix, whatever its case', () => {
  const rule: Rule = { enabled: true, openAs: { '.MD': 'notebook', '.py': 'editor' } };
  assert.equal(opensAsNotebook('README.md', SUFFIXES, rule, () => false), true);
  assert.equal(opensAsNotebook('b.py', SUFFIXES, rule, () => true), false);
  assert.equal(opensAsNotebook('b.r', SUFFIXES, rule, () => true), true);
});

test('turned off, all is as without Octavo', () => {
  const rule: Rule = { enabled: false, openAs: { '.md': 'notebook' } };
  assert.equal(opensAsNotebook('b.md', SUFFIXES, rule, () => true), null);
});

test('the longest suffix counts, and a bare suffix is a name', () => {
  assert.equal(suffixOf('x/a.spin.py', ['.py', '.spin.py']), '.spin.py');
  assert.equal(suffixOf('.py', SUFFIXES), '');
});

test('both are offered, the fitting one first', () => {
  assert.deepEqual(arranged([EDITOR], NOTEBOOK, true), [NOTEBOOK, EDITOR]);
  assert.deepEqual(arranged([EDITOR], NOTEBOOK, false), [EDITOR, NOTEBOOK]);
  assert.deepEqual(arranged([EDITOR, NOTEBOOK], NOTEBOOK, false), [EDITOR, NOTEBOOK]);
  assert.deepEqual(arranged([EDITOR], NOTEBOOK, null), [EDITOR]);
  assert.deepEqual(arranged([EDITOR], undefined, true), [EDITOR]);
});
