import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isOn, isToSet, Metadata, STATES, withState } from './states.js';

const METADATA: Metadata[] = [
  {},
  { tags: ['mine'], run_control: { marked: true }, slideshow: { slide_type: 'skip' }, other: [1] }
];

for (const state of STATES) {
  test(`${state.name} can be set and taken away`, () => {
    for (const before of METADATA) {
      const on = withState(before, state, true);
      assert.ok(isOn(state, on));
      const off = withState(on, state, false);
      assert.ok(!isOn(state, off));
      assert.deepEqual(off.tags, before.tags);
      assert.deepEqual(off.other, before.other);
      assert.deepEqual(off.run_control, before.run_control);
    }
  });
}

test('a state is taken away only where all cells have it', () => {
  const [state] = STATES;
  const on = withState({}, state, true);
  assert.equal(isToSet(state, [on, {}]), true);
  assert.equal(isToSet(state, [on, on]), false);
});
