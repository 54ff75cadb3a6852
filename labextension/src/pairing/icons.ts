/** The icons of pairs and of texts. */
import { LabIcon } from '@jupyterlab/ui-components';

const svg = (path: string, colour: string) =>
  '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">' +
  `<path class="jp-icon3" fill="${colour}" fill-rule="evenodd" d="${path}"/></svg>`;

const icon = (name: string, path: string) =>
  new LabIcon({ name: `octavo:${name}`, svgstr: svg(path, '#616161') });

/** Two sheets, one behind the other. */
export const pairIcon = icon('pair', 'M1 1h9v2H3v8H1zM5 5h10v10H5zM7 7v6h6V7z');

/** A sheet with lines beside an empty one. */
export const previewIcon = icon(
  'preview',
  'M1 2h14v12H1zM3 4v8h4V4zM9 4h4v1.5H9zM9 7h4v1.5H9zM9 10h3v1.5H9z'
);

/** A sheet with the marker of a cell. */
const TEXT_NOTEBOOK =
  'M2 1h12v14H2zM4 3v10h8V3zM5 4.5h2v1H5zM8 4.5h3v1H8zM5 7h6v1H5zM5 9h6v1H5zM5 11h4v1H5z';
export const textNotebookIcon = icon('text-notebook', TEXT_NOTEBOOK);

/** The same as a picture, which takes no colour from the theme: one that is seen in all. */
export const textNotebookPicture = svg(TEXT_NOTEBOOK, '#1e88e5');
