/** What the server knows of pairs and of the texts of notebooks. */
import { request } from '../server.js';

export interface Member {
  path: string;
  format: string;
  exists: boolean;
  changed: boolean;
}

export interface PairInfo {
  path: string;
  /** The list of all members, such as "ipynb,md"; empty for a document without a pair. */
  formats: string;
  members: Member[];
  last_sync_ms: number | null;
  conflicts: number;
  status: string;
}

/** The members of a pair that lie in one folder or are seen from it. */
export interface FolderPair {
  members: string[];
  primary: string;
  conflicts: number;
}

export interface FormatRow {
  name: string;
  summary: string;
  suffixes: string[];
  /** The suffixes that mean this format when none is named. */
  default_for: string[];
}

export interface Text {
  text: string;
  suffix: string;
}

const by = (path: string) => `?path=${encodeURIComponent(path)}`;
const send = (method: string, value: unknown): RequestInit => ({
  method,
  body: JSON.stringify(value)
});

export const getPair = (path: string) => request<PairInfo>(`pair${by(path)}`);

export const putPair = (path: string, formats: string) =>
  request<PairInfo>('pair', send('PUT', { path, formats }));

export const syncPair = (path: string) => request<PairInfo>('pair', send('POST', { path }));

export const endPair = (path: string) =>
  request<PairInfo>(`pair${by(path)}`, { method: 'DELETE' });

export const getPairs = async (folder: string) =>
  (await request<{ pairs: FolderPair[] }>(`pairs${by(folder)}`)).pairs;

export const getFormats = () => request<FormatRow[]>('formats');

export const getText = (content: unknown, format: string, path: string) =>
  request<Text>('preview', send('POST', { content, format, path }));

/** Return the form of a text as it is on disk, such as "md:myst"; empty for no notebook. */
export async function formOf(path: string): Promise<string> {
  const found = await request<Record<string, { format: string }>>(
    'sniff',
    send('POST', { paths: [path] })
  );
  return found[path]?.format ?? '';
}
