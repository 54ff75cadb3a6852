import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FolderPairs } from './folderPairs.js';

const pair = { members: ['d/a.ipynb', 'd/a.md'], primary: 'd/a.ipynb', conflicts: 0 };
const apart = { members: ['d/b.py', 'n/b.ipynb'], primary: 'n/b.ipynb', conflicts: 0 };

test('a twin is the member that its primary shows in the same folder', async () => {
  const pairs = new FolderPairs(async () => [pair, apart]);
  assert.equal(pairs.isTwin('d/a.md'), false);
  await pairs.look('d');
  assert.equal(pairs.isTwin('d/a.md'), true);
  assert.equal(pairs.isTwin('d/a.ipynb'), false);
  assert.equal(pairs.isTwin('d/b.py'), false);
  assert.equal(pairs.of('d/b.py'), apart);
  assert.equal(pairs.of('d/c.py'), undefined);
});

test('a change is told once, and a failure is a folder without pairs', async () => {
  let answer: (typeof pair)[] | null = [pair];
  const pairs = new FolderPairs(async () => {
    if (!answer) {
      throw new Error('gone');
    }
    return answer;
  });
  const told: string[] = [];
  pairs.changed.connect((_, folder) => told.push(folder));
  await pairs.look('d');
  await pairs.look('d');
  assert.deepEqual(told, ['d']);
  answer = null;
  await Promise.all([pairs.look('d'), pairs.look('d')]);
  assert.deepEqual(told, ['d', 'd']);
  assert.equal(pairs.of('d/a.md'), undefined);
  assert.equal(pairs.knows('d'), true);
});
