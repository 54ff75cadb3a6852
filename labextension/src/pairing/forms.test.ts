import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choices, isKnown, placeOf, split, suffixOfForm, withChoice } from './forms.js';

const SCRIPTS = ['.py', '.R', '.jl', '.cpp', '.js', '.sh'];
const ROWS = [
  { name: 'caves', summary: 'caves', suffixes: ['.py'], default_for: [] },
  { name: 'quarto', summary: 'quarto', suffixes: ['.qmd'], default_for: ['.qmd'] },
  { name: 'markdown', summary: 'md', suffixes: ['.md', '.markdown'], default_for: ['.md', '.markdown'] },
  { name: 'myst', summary: 'myst', suffixes: ['.md', '.myst'], default_for: ['.myst'] },
  { name: 'percent', summary: '%', suffixes: SCRIPTS, default_for: SCRIPTS }
];

test('the forms fit the language of the notebook', () => {
  const forms = (suffix: string) => choices(ROWS, suffix).map(choice => choice.form);
  assert.deepEqual(forms('.py'), ['py:caves', 'qmd', 'md', 'md:myst', 'py:percent']);
  assert.deepEqual(forms('.jl'), ['qmd', 'md', 'md:myst', 'jl:percent']);
  assert.deepEqual(forms('.zz'), ['qmd', 'md', 'md:myst']);
});

test('a form is known however it is written, with folders too', () => {
  const [, , markdown, , percent] = choices(ROWS, '.py');
  assert.equal(placeOf('ipynb, md:markdown', markdown), 1);
  assert.equal(placeOf('notebooks///ipynb,scripts///py:percent', percent), 1);
  assert.equal(placeOf('ipynb,py', percent), 1);
  assert.equal(placeOf('ipynb,md:myst', markdown), -1);
});

test('choosing keeps what is written by hand', () => {
  const [, , markdown, , percent] = choices(ROWS, '.py');
  const custom = 'notebooks///ipynb,scripts///py:percent';
  assert.equal(withChoice(custom, markdown, true), `${custom},md`);
  assert.equal(withChoice(custom, percent, true), custom);
  assert.equal(withChoice(custom, percent, false), 'notebooks///ipynb');
  assert.equal(withChoice('', markdown, true), 'md');
});

test('lists and suffixes', () => {
  assert.deepEqual(split(' ipynb, ,md,'), ['ipynb', 'md']);
  assert.equal(suffixOfForm('scripts///py:percent'), '.py');
});

test('half of a form is not known', () => {
  const known = ['ipynb', 'n///ipynb', 'md', 'md:myst', 'auto:percent', 'scripts///py:percent'];
  assert.deepEqual(known.filter(form => !isKnown(form, ROWS)), []);
  const unknown = ['', 'ipyn', 'ipynb:x', 'md:', 'md:mys', 'auto', 'scripts///', 'py:quarto'];
  assert.deepEqual(unknown.filter(form => isKnown(form, ROWS)), []);
});
