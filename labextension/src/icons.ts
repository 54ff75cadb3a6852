/** The icons of Octavo. */
import { LabIcon } from '@jupyterlab/ui-components';

/** A cell with a badge on it. */
export const cellStateIcon = new LabIcon({
  name: 'octavo:cell-state',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">' +
    '<g class="jp-icon3" fill="#616161">' +
    '<path fill-rule="evenodd" d="M1 4h9v2H3v6h10v-2h2v4H1z"/>' +
    '<path d="M11 1.5h4.5v4L12 9 7.5 4.5z"/></g></svg>'
});
