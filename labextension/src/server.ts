/** The one way to Octavo's part of the server. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** What the server said was wrong: a sentence, a stable code, and what to do. */
export class ServerError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly hint: string,
    readonly status: number
  ) {
    super(message);
  }
}

/** Return the reply of `octavo/api/<path>`, or raise a ServerError. */
export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(settings.baseUrl, 'octavo/api', path);
  const response = await ServerConnection.makeRequest(url, init, settings);
  const text = await response.text();
  const reply = text ? parsed(text) : null;
  if (!response.ok) {
    const { message, code, hint } = (reply ?? {}) as Partial<ServerError>;
    throw new ServerError(message || response.statusText, code || '', hint || '', response.status);
  }
  return reply as T;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
