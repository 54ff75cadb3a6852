import assert from 'node:assert/strict';
import { test } from 'node:test';

import { following, groupsOf, Mark, markOf, nearest, stays } from './groups.js';

const MARKS: Record<string, Mark | null> = {
  n: { side: 'note' },
  o: { side: 'ours', label: 'a.ipynb' },
  t: { side: 'theirs', label: 'a.md' },
  '.': null
};
const groups = (text: string) =>
  groupsOf([...text].map(letter => MARKS[letter])).map(({ start, end }) => [start, end]);

test('a note and the versions below it are one conflict', () => {
  assert.deepEqual(groups('.not.not'), [[1, 4], [5, 8]]);
  assert.deepEqual(groups('notnot'), [[0, 3], [3, 6]]);
  assert.deepEqual(groups('no.nt'), [[0, 2], [3, 5]]);
});

test('without their notes, versions still belong together', () => {
  assert.deepEqual(groups('ot.o.t'), [[0, 2], [3, 4], [5, 6]]);
  assert.deepEqual(groups('otot'), [[0, 2], [2, 4]]);
  assert.deepEqual(groups('...'), []);
});

test('only the marks of a merge count', () => {
  assert.equal(markOf({ side: 'other' }), null);
  assert.equal(markOf('ours'), null);
  assert.equal(markOf(undefined), null);
  assert.deepEqual(markOf({ side: 'ours' }), { side: 'ours' });
});

test('notes go, sides stay as they are chosen', () => {
  const kept = (side: 'ours' | 'theirs' | 'both') =>
    ['n', 'o', 't'].filter(letter => stays(MARKS[letter] as Mark, side)).join('');
  assert.deepEqual([kept('ours'), kept('theirs'), kept('both')], ['o', 't', 'ot']);
});

test('the way from one to the next goes round', () => {
  const found = groupsOf([...'.not.not.'].map(letter => MARKS[letter]));
  assert.deepEqual([0, 2, 4, 8].map(index => nearest(found, index)), [0, 0, 1, 0]);
  assert.deepEqual([0, 1, 3, 5, 8].map(index => following(found, index, 1)), [0, 1, 1, 0, 0]);
  assert.deepEqual([0, 1, 5, 8].map(index => following(found, index, -1)), [1, 1, 0, 1]);
  assert.equal(following([], 0, 1), -1);
});
