/** Copy the registry of cell states, which Python and TypeScript share, beside its reader. */
import { copyFileSync } from 'node:fs';

copyFileSync(
  new URL('../../src/octavo/jupyter/cell_states.json', import.meta.url),
  new URL('../src/cellStates/registry.json', import.meta.url)
);
