import assert from 'node:assert/strict';
import { test } from 'node:test';

import { rowAfter, scrolledTo, visibleRows } from './rows.js';

test('only rows near the window are drawn, however long the list', () => {
  for (const count of [0, 1, 10, 1000, 100000]) {
    for (const top of [0, 5, 12345, 1e7]) {
      const { start, stop } = visibleRows(top, 600, 24, count);
      assert.ok(0 <= start && start <= stop && stop <= count);
      assert.ok(stop - start <= 600 / 24 + 18);
    }
  }
  assert.deepEqual(visibleRows(2400, 240, 24, 1000), { start: 92, stop: 118 });
});

test('a row that is seen does not scroll the list', () => {
  assert.equal(scrolledTo(5, 100, 200, 24), 100);
  assert.equal(scrolledTo(0, 100, 200, 24), 0);
  assert.equal(scrolledTo(50, 100, 200, 24), 51 * 24 - 200);
});

test('keys lead to a row of the list', () => {
  assert.equal(rowAfter('ArrowDown', 3, 10, 5), 4);
  assert.equal(rowAfter('PageDown', 3, 10, 5), 4);
  assert.equal(rowAfter('Home', 3, 10, 5), 0);
  assert.equal(rowAfter('End', 0, 10, 5), 4);
  assert.equal(rowAfter('ArrowUp', 0, 10, 5), 0);
  assert.equal(rowAfter('a', 3, 10, 5), null);
  assert.equal(rowAfter('ArrowDown', 0, 10, 0), null);
});
