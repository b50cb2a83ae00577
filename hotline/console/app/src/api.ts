// The few plain HTTP questions: log in, log out, who am I, how this page is a phone.
import type { Credentials, User } from './protocol.ts';

export interface Answer<T> {
  /** HTTP status, 0 when the server was not reached */
  status: number;
  body: T | null;
}

async function call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  try {
    const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store' };
    if (method === 'POST') {
      init.headers = { 'Content-Type': 'application/json' };
      init.body = JSON.stringify(body ?? {});
    }
    const r = await fetch(path, init);
    const text = await r.text();
    return { status: r.status, body: text ? JSON.parse(text) as T : null };
  } catch {
    return { status: 0, body: null };
  }
}

export interface Session {
  user?: User;
  /** the account has no second factor yet and may only set one up */
  enrol?: boolean;
}

export const session = () => call<Session>('GET', '/api/session');
export const login = (email: string, password: string, code: string) =>
  call<Session>('POST', '/api/login', { email, password, code });
export const logout = () => call<unknown>('POST', '/api/logout');
export const startTOTP = () => call<{ secret: string; otpauth: string }>('POST', '/api/totp/start');
export const confirmTOTP = (code: string) => call<unknown>('POST', '/api/totp/confirm', { code });
export const voice = () => call<Credentials>('GET', '/api/voice');
