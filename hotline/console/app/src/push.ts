// Being called while the page is closed: the browser's push, which she switches on for each of her devices.
import { signal } from '@preact/signals';
import { lang } from './i18n/words.ts';
import { wire } from './state.ts';

/** Why she cannot be called; empty: nothing stands in the way. */
export type Why = '' | 'none' | 'old' | 'home' | 'refused' | 'lost';

export const on = signal(false);
export const why = signal<Why>('');
export const busy = signal(false);

const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
const apple = /iPhone|iPad/.test(navigator.userAgent);

interface Policy { createScriptURL(url: string): string }
interface Factory { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy }

/** The one script that text may become: the worker's own address. */
const trusted = (globalThis as { trustedTypes?: Factory }).trustedTypes;
let policy: Policy | undefined;

function worker(): string {
  const address = `/sw.js?l=${lang.value}`;
  policy ??= trusted?.createPolicy('worker', {
    createScriptURL: (url) => {
      if (/^\/sw\.js\?l=[a-z]{2}$/.test(url)) return url;
      throw new TypeError('not the worker');
    },
  });
  return policy ? policy.createScriptURL(address) : address;
}

/** Looks how it stands. A browser that is subscribed calls whoever used it last. */
export async function look(): Promise<void> {
  if (!able) {
    why.value = apple ? 'home' : 'old';
    return;
  }
  const sub = await (await navigator.serviceWorker.getRegistration('/'))?.pushManager.getSubscription();
  on.value = !!sub && Notification.permission === 'granted';
  why.value = Notification.permission === 'denied' ? 'refused' : '';
  if (sub && on.value) await hand(sub).catch(() => { why.value = 'none'; });
}

function hand(sub: PushSubscription): Promise<unknown> {
  const { endpoint = '', keys = {} } = sub.toJSON();
  return wire.ask('push.subscribe', { endpoint, p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' });
}

export async function turn(wanted: boolean): Promise<void> {
  busy.value = true;
  try { await (wanted ? start() : stop()); } finally { busy.value = false; }
}

async function start(): Promise<void> {
  if (await Notification.requestPermission() !== 'granted') {
    why.value = 'refused';
    return;
  }
  let key: string;
  try { ({ key } = await wire.ask('push.key', {})); } catch {
    why.value = 'none';
    return;
  }
  try {
    await navigator.serviceWorker.register(worker(), { scope: '/' });
    const ready = await navigator.serviceWorker.ready;
    await hand(await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    on.value = true;
    why.value = '';
  } catch { why.value = 'lost'; }
}

async function stop(): Promise<void> {
  const there = await navigator.serviceWorker.getRegistration('/'), sub = await there?.pushManager.getSubscription();
  on.value = false;
  if (!sub) return;
  await wire.ask('push.unsubscribe', { endpoint: sub.endpoint }).catch(() => { /* its maker says that it is gone */ });
  await sub.unsubscribe();
}

/** Calls all of her devices, and tells how many took it. */
export async function test(): Promise<number> {
  try { return (await wire.ask('push.test', {})).sent; } catch { return 0; }
}
