/** Which rows of a long list are on the screen.  Nothing here needs a browser. */

export interface Span {
  start: number;
  stop: number;
}

const MORE = 8; // rows beyond each edge

/** Return the rows to draw for a place of the scroll bar. */
export function visibleRows(top: number, height: number, rowHeight: number, count: number): Span {
  const first = Math.floor(top / rowHeight) - MORE;
  const last = Math.ceil((top + height) / rowHeight) + MORE;
  const stop = Math.min(count, Math.max(0, last));
  return { start: Math.min(stop, Math.max(0, first)), stop };
}

/** Return where to scroll so that a row is seen: as little as needed. */
export function scrolledTo(row: number, top: number, height: number, rowHeight: number): number {
  const above = row * rowHeight;
  const below = above + rowHeight;
  if (above < top) {
    return above;
  }
  return below > top + height ? below - height : top;
}

/** Return the row that a key leads to, null for keys that lead nowhere. */
export function rowAfter(key: string, row: number, page: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: count - 1
  };
  return key in steps && count > 0 ? Math.min(count - 1, Math.max(0, steps[key])) : null;
}
