import assert from 'node:assert/strict';
import { test } from 'node:test';

import { renamed } from './unique.js';

const graded = (name: string) => ({ nbgrader: { grade_id: name, points: 2 } });

test('a copy gets a new name, the cell that was there keeps its own', () => {
  const cells = [graded('a'), graded('a'), {}, graded('a-2')];
  assert.deepEqual(renamed(cells, index => index === 0), [graded('a-3'), null, null, null]);
});

test('of new cells alone the first keeps the name', () => {
  assert.deepEqual(renamed([graded('a'), graded('a'), graded('a')], () => true), [
    null, graded('a-2'), graded('a-3')
  ]);
});

test('cells that were there before are never renamed', () => {
  assert.deepEqual(renamed([graded('a'), graded('a')], () => false), [null, null]);
});

test('names that are no text are let be', () => {
  const cells = [{ nbgrader: { grade_id: 3 } }, { nbgrader: { grade_id: 3 } }, { nbgrader: [] }];
  assert.deepEqual(renamed(cells, () => true), [null, null, null]);
});
