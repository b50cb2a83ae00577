// Whether this browser has a microphone that the page may use.
import { signal } from '@preact/signals';

export type Microphone = 'unknown' | 'ready' | 'refused' | 'missing';

export const microphone = signal<Microphone>('unknown');

/** Looks without asking anybody: a browser that would ask stays unknown. */
export async function look(): Promise<void> {
  microphone.value = await state();
}

async function state(): Promise<Microphone> {
  if (!navigator.mediaDevices) return 'missing'; // an address without https
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (!devices.some((d) => d.kind === 'audioinput')) return 'missing';
  try {
    const p = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    return p.state === 'granted' ? 'ready' : p.state === 'denied' ? 'refused' : 'unknown';
  } catch {
    return 'unknown'; // a browser that cannot be asked
  }
}

/** Opens the microphone; whoever did so stops its tracks. Rejects when there is none or it may not be used. */
export async function open(): Promise<MediaStream> {
  try {
    if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
    const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: sound });
    microphone.value = 'ready';
    return stream;
  } catch (e) {
    const name = e instanceof DOMException ? e.name : '';
    microphone.value = name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'refused';
    throw e;
  }
}

export function shut(stream: MediaStream | null): void {
  for (const t of stream?.getTracks() ?? []) t.stop();
}

/** Asks for the microphone while nobody waits, so that the browser does not ask in a call. */
export async function check(): Promise<void> {
  try { shut(await open()); } catch { /* the state tells */ }
}
