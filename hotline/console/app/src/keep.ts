// What this tab holds back from a reload: under the user's id, in sessionStorage, gone with the tab or the log-out.

let owner = '';

/** From now on things belong to this user; what another left in the tab is deleted. */
export function belongTo(user: string): void {
  owner = user;
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(`${user}/`)) sessionStorage.removeItem(key);
  }
}

export function load<T>(name: string, otherwise: T): T {
  try {
    const text = sessionStorage.getItem(`${owner}/${name}`);
    return text ? JSON.parse(text) as T : otherwise;
  } catch {
    return otherwise;
  }
}

/** A full or forbidden storage costs the reload, not the page: the value is still in memory. */
export function save(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`${owner}/${name}`, JSON.stringify(value));
  } catch { /* see above */ }
}

export function wipe(): void {
  try { sessionStorage.clear(); } catch { /* nothing was kept then */ }
}
