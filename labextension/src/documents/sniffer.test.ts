import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Sniffer } from './sniffer.js';

const file = (path: string, last_modified = '1') => ({ path, type: 'file', last_modified, size: 3 });

function sniffer() {
  const asked: string[][] = [];
  const found = new Sniffer(async paths => {
    asked.push(paths);
    return Object.fromEntries(paths.map(path => [path, { notebook: path.startsWith('nb') }]));
  });
  found.suffixes = ['.py', '.md'];
  return { asked, found };
}

test('only texts are asked about, and each version once', async () => {
  const { asked, found } = sniffer();
  await found.look([file('nb.py'), file('x.py'), file('x.csv'), { path: 'd.py', type: 'directory' }]);
  await found.look([file('nb.py'), file('x.py', '2')]);
  assert.deepEqual(asked, [['nb.py', 'x.py'], ['x.py']]);
  assert.equal(found.isNotebook('nb.py'), true);
  assert.equal(found.isNotebook('x.py'), false);
  assert.equal(found.isNotebook('unknown.py'), false);
});

test('a large folder is asked about in parts', async () => {
  const { asked, found } = sniffer();
  await found.look(Array.from({ length: 2500 }, (_, n) => file(`nb${n}.md`)));
  assert.deepEqual(asked.map(paths => paths.length), [1000, 1000, 500]);
});
