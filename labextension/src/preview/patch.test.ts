import assert from 'node:assert/strict';
import { test } from 'node:test';

import { patchOf } from './patch.js';

test('a patch makes the second text from the first', () => {
  const texts = ['', 'a', 'aa', 'aba', 'abba', 'one\ntwo\n', 'one\nto\n', 'two\none\n', 'xaby'];
  for (const before of texts) {
    for (const after of texts) {
      const patch = patchOf(before, after);
      const made = patch
        ? before.slice(0, patch.start) + patch.value + before.slice(patch.end)
        : before;
      assert.equal(made, after);
    }
  }
});

test('what is equal at both ends stays', () => {
  assert.deepEqual(patchOf('one\ntwo\nend', 'one\n2\nend'), { start: 4, end: 7, value: '2' });
  assert.equal(patchOf('same', 'same'), null);
});
