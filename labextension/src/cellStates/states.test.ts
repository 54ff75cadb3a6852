import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cleared, GROUPS, isOn, isSkipped, isToSet, Metadata, moduleOf, STATES, stateOf, statesIn, statesOf, withState } from './states.js';

const METADATA: Metadata[] = [
  {},
  { tags: ['mine'], run_control: { marked: true }, slideshow: { slide_type: '-' }, other: [1] }
];

function named(name: string) {
  const state = stateOf(name);
  assert.ok(state);
  return state;
}

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

  for (const mark of state.also ?? []) {
    test(`${state.name} is read and taken away in another spelling: ${JSON.stringify(mark)}`, () => {
      assert.ok('path' in mark);
      const value = mark.value === '{module}' ? 'py' : mark.value;
      const metadata = { [mark.path[0]]: value };
      assert.deepEqual(statesIn(metadata), [state]);
      assert.deepEqual(withState(metadata, state, false), {});
    });
  }
}

for (const group of GROUPS.filter(found => found.exclusive)) {
  test(`a cell is in one state of "${group.name}" at most`, () => {
    for (const one of statesOf(group.name)) {
      for (const other of statesOf(group.name)) {
        const metadata = withState(withState({}, one, true), other, true);
        assert.deepEqual(statesIn(metadata), [other]);
        assert.deepEqual(withState(metadata, other, false), {});
      }
    }
  });
}

test('states of other groups stay when one is set', () => {
  const metadata = STATES.filter(state => !['activity', 'slide'].includes(state.group)).reduce(
    (before, state) => withState(before, state, true),
    {} as Metadata
  );
  assert.equal(statesIn(metadata).length, 9);
  assert.deepEqual(cleared(metadata), {});
});

test('only the first tag that says where a cell is active counts', () => {
  const metadata = { tags: ['active-ipynb-md', 'active-ipynb'] };
  assert.deepEqual(statesIn(metadata), []);
  assert.deepEqual(withState(metadata, named('inactive'), true), { tags: ['active-none'] });
});

test('a tag with underscores is the same tag', () => {
  const metadata = { tags: ['hide_input'] };
  assert.deepEqual(statesIn(metadata), [named('hidden-input')]);
  assert.deepEqual(withState(metadata, named('hidden-input'), false), {});
});

test('odd metadata is no state', () => {
  const odd: Metadata[] = [{ tags: 'frozen' }, { run_control: [true] }, { slideshow: null }];
  for (const metadata of odd) {
    assert.deepEqual(statesIn(metadata), []);
    assert.deepEqual(statesIn(withState(metadata, named('test'), true)), [named('test')]);
  }
});

test('a state is taken away only where all cells have it', () => {
  const [state] = STATES;
  const on = withState({}, state, true);
  assert.equal(isToSet(state, [on, {}]), true);
  assert.equal(isToSet(state, [on, on]), false);
});

const NOTEBOOKS: [Metadata, string][] = [
  [{}, 'py'],
  [{ kernelspec: { language: 'R', name: 'ir' } }, 'R'],
  [{ language_info: { name: 'R', file_extension: '.r' } }, 'R'],
  [{ kernelspec: { language: 'julia' }, language_info: { file_extension: '.jl' } }, 'jl'],
  [{ kernelspec: { language: 'C++17' } }, 'cpp'],
  [{ kernelspec: { language: 'sage' }, language_info: { file_extension: '.py' } }, 'sage'],
  [{ jupytext: { main_language: 'bash' } }, 'sh'],
  [{ kernelspec: { language: 'klingon' } }, 'py'],
  [{ kernelspec: 7, language_info: { file_extension: '' } }, 'py']
];

for (const [metadata, module] of NOTEBOOKS) {
  test(`a module of ${JSON.stringify(metadata)} ends in ${module}`, () => {
    assert.equal(moduleOf(metadata), module);
    const state = named('module-only');
    const on = withState({ tags: ['mine'] }, state, true, module);
    assert.deepEqual(on, { tags: ['mine', `active-${module}`] });
    assert.deepEqual(statesIn(on), [state]);
    assert.deepEqual(withState(on, state, false), { tags: ['mine'] });
  });
}

test('a target that is no module is another state or none', () => {
  assert.deepEqual(statesIn({ tags: ['active-ipynb'] }), [named('notebook-only')]);
  assert.deepEqual(statesIn({ tags: ['active-md'] }), []);
  assert.deepEqual(statesIn({ active: 'R' }), [named('module-only')]);
});

const SKIPPED: [Metadata, boolean][] = [
  [{}, false],
  [{ tags: ['active-ipynb'] }, false],
  [{ tags: ['active-py-ipynb', 'active-py'] }, false],
  [{ active: 'py,ipynb' }, false],
  [{ tags: ['active-py', 'active-ipynb'] }, true],
  [{ tags: ['active-none'] }, true],
  [{ active: '' }, true],
  [{ run_control: { frozen: true } }, true],
  [{ tags: ['skip_execution'] }, true]
];

for (const [metadata, skipped] of SKIPPED) {
  test(`a cell with ${JSON.stringify(metadata)} is ${skipped ? 'not ' : ''}run`, () => {
    assert.equal(isSkipped(metadata), skipped);
  });
}
