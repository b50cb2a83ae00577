// Test pages: somebody's own phone rings with nobody behind it, and what came of it.
import { useSignal, type Signal } from '@preact/signals';
import { since } from '../format.ts';
import { ask, attempt, now } from './ask.ts';
import { Card, Fault } from './parts.tsx';
import type { PageTest } from './types.ts';
import { words } from './words.ts';
import { day } from './zone.ts';

/** A test page older than this proves nothing any more. */
const old = 35 * day;

/** When somebody last pressed the key. */
export function Proved({ at }: { at: string | null }) {
  const w = words.value.team;
  if (!at) return <b class="warn">{w.never}</b>;
  const late = now() - Date.parse(at) > old;
  return <span class={late ? 'warn' : ''}>{w.ago(since(at))}{late && <small>{w.old}</small>}</span>;
}

/** What the last test came to, when it is not the one that proved it. */
export function Outcome({ of: t }: { of: PageTest | null }) {
  if (!t || t.result === 'answered') return null;
  const w = words.value.test, under = t.ended === null;
  return <small class={under ? '' : t.result === 'gave_way' || t.result === 'needless' ? 'soft' : 'warn'}>{w.results[t.result]}{!under && ` · ${words.value.team.ago(since(t.ended))}`}</small>;
}

/** Rings one phone; user '' is her own. What comes of it is told by the page around it. */
export function Ring({ user, label, name, said, fault }: { user: string; label: string; name?: string; said(pushed: number): void; fault: Signal<string> }) {
  const busy = useSignal(false);
  async function ring() {
    busy.value = true;
    await attempt(fault, async () => { said((await ask('page.test', user ? { user } : {})).pushed); });
    busy.value = false;
  }
  return <button class={user ? 'small' : ''} {...(name ? { 'aria-label': `${label}: ${name}` } : {})} disabled={busy.value} onClick={() => void ring()}>{label}</button>;
}

/** Her own phone, on "My duties". */
export function OwnPhone({ at, test }: { at: string | null; test: PageTest | null }) {
  const w = words.value.test, said = useSignal(''), fault = useSignal('');
  return (
    <Card title={w.own}>
      <p class="soft">{w.help}</p>
      <p>{words.value.team.tested}: <Proved at={at} /></p>
      <p role="status">{test && (test.result === 'answered' ? <span class="ok">✓ {w.results.answered}</span> : <Outcome of={test} />)}</p>
      <p class="buttons"><Ring user="" label={w.ring} said={(n) => { said.value = w.pushed(n); }} fault={fault} /><span class="soft" role="status">{said.value}</span></p>
      <Fault text={fault.value} />
    </Card>
  );
}

/** Everybody who is on duty within the week to come, one after the other. What it does is said before it is done. */
export function RingAll() {
  const w = words.value.test, sure = useSignal(false), said = useSignal(''), fault = useSignal('');
  async function ring() {
    sure.value = false;
    await attempt(fault, async () => {
      const r = await ask('page.test', { week: true });
      said.value = w.all(r.rings, r.skipped);
    });
  }
  return (
    <div class="ringall">
      {sure.value
        ? <div class="line warn"><p>{w.sure}</p><p class="buttons"><button class="main" onClick={() => void ring()}>{w.yes}</button><button class="text" onClick={() => { sure.value = false; }}>{w.no}</button></p></div>
        : <p class="buttons"><button onClick={() => { said.value = ''; sure.value = true; }}>{w.week}</button><span class="soft" role="status">{said.value}</span></p>}
      <Fault text={fault.value} />
    </div>
  );
}
