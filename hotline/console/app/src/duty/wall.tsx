// The wallboard: read from four metres, dark, and red when it no longer knows what happens now.
import { useEffect } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import * as clock from '../clock.ts';
import { since, span } from '../format.ts';
import { link, model } from '../state.ts';
import { go } from '../view.ts';
import { sounding, unlock } from '../sound.ts';
import { ask, lines, name, now, useZone } from './ask.ts';
import { Heard, SoundMark } from './heard.tsx';
import { Outcome } from './pagetest.tsx';
import { findingWords, ZoneLabel } from './parts.tsx';
import { stateWords } from './team.tsx';
import type { Standing, Wall } from './types.ts';
import { words } from './words.ts';
import { shown, till } from './zone.ts';

/** How often the board asks, and after how long what it shows is old; milliseconds. */
const often = 5_000, stale = 15_000;

export default function WallPage() {
  const wall = useSignal<Wall | null>(null), tick = useSignal(0), light = useSignal(false);
  useEffect(() => {
    const look = () => { if (link.value === 'online') ask('wallboard', {}).then((x) => { wall.value = x; }, () => { /* the board says how old it is */ }); };
    look();
    const asks = setInterval(look, often), ticks = setInterval(() => { tick.value++; }, 1_000), awake = stayAwake();
    return () => { clearInterval(asks); clearInterval(ticks); awake(); };
  }, [link.value === 'online']);
  const zone = useZone(), x = wall.value, w = words.value.wall;
  return (
    <main class={light.value ? 'wall light' : 'wall'}>
      <header>
        <h1>{w.title}</h1>
        <AsOf at={x?.as_of ?? ''} zone={zone} tick={tick} />
        <ZoneLabel zone={zone} />
        <p class="own" role="status">{w.own}: <SoundMark of={sounding.value} /></p>
        {sounding.value === 'blocked' && <button class="small" onClick={() => void unlock()}>{words.value.heard.unlock}</button>}
        <button class="small quiet" onClick={() => { light.value = !light.value; }}>{light.value ? w.dark : w.light}</button>
        <button class="small quiet" onClick={() => go('week')}>{w.leave}</button>
      </header>
      {x && <Board wall={x} zone={zone} />}
    </main>
  );
}

/** Keeps the screen on as long as the board is shown, where the browser can. */
function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null, over = false;
  const take = () => { if (!document.hidden) navigator.wakeLock?.request('screen').then((l) => { if (over) void l.release(); else lock = l; }, () => { /* then the screen's own settings hold */ }); };
  take();
  document.addEventListener('visibilitychange', take);
  return () => { over = true; document.removeEventListener('visibilitychange', take); void lock?.release(); };
}

function AsOf({ at, zone, tick }: { at: string; zone: string; tick: Signal<number> }) {
  tick.value; // nothing else draws it anew while no board comes
  const w = words.value.wall, old = !at || now() - Date.parse(at) > stale;
  const time = at ? new Date(shown(Date.parse(at), zone)).toISOString().slice(11, 19) : '';
  return <p class={old ? 'asof old' : 'asof'} role={old ? 'alert' : undefined}>{!at ? w.never : old ? w.old(time) : w.asOf(time)}</p>;
}

const channels = ['voice', 'sms', 'whatsapp', 'other'] as const;

function Board({ wall: x, zone }: { wall: Wall; zone: string }) {
  clock.minute.value;
  const w = words.value.wall, all = channels.reduce((n, c) => n + x.waiting[c], 0);
  return (
    <>
      <section class="figures" aria-label={w.now}>
        <Figure name={w.waiting} value={String(all)} mark={all > 0 ? 'warn' : ''} more={channels.filter((c) => x.waiting[c] > 0).map((c) => `${w.channels[c]} ${x.waiting[c]}`).join(' · ')} />
        <Figure name={w.longest} value={all > 0 ? span(x.longest_wait_s) : '–'} mark={x.longest_wait_s > 180 && all > 0 ? 'danger' : ''} />
        <Figure name={w.free} value={String(x.free)} mark={x.free === 0 ? 'danger' : ''} />
        <Figure name={w.talking} value={String(x.talking)} />
        <Figure name={w.unreachable} value={String(x.unreachable)} mark={x.unreachable > 0 ? 'warn' : ''} />
        <Figure name={w.missed} value={String(x.missed_offers)} mark={x.missed_offers > 0 ? 'warn' : ''} />
      </section>
      {x.closed.map((l) => <p key={l.line} class="nextgap">{lines.value.length > 1 && `${l.line === '*' ? words.value.everyLine : l.line}: `}{w.closed(l.until ? till(now(), l.until, zone) : '')}</p>)}
      <p class={x.next_gap ? 'nextgap warn' : 'nextgap'}>{w.gap}: {x.next_gap ? findingWords(x.next_gap, zone) : w.noGap}</p>
      {!x.redis && <p class="nextgap danger">{w.slow}</p>}
      <section aria-label={w.people}>
        {x.people.length === 0 && <p class="nextgap danger">{w.nobody}</p>}
        <ul class="plain wallpeople">{[...x.people].sort((a, b) => Number(b.on_duty) - Number(a.on_duty) || name(a.user).localeCompare(name(b.user))).map((p) => <Person key={p.user} of={p} />)}</ul>
      </section>
    </>
  );
}

function Figure({ name, value, more = '', mark = '' }: { name: string; value: string; more?: string; mark?: string }) {
  return <p class={`figure ${mark}`}><span>{name}</span><b>{value}</b><small>{more}</small></p>;
}

/** State by word, shape and colour: a full dot for who is free, a ring for who is not there. */
function Person({ of: p }: { of: Standing }) {
  const w = words.value, u = model.value.users[p.user], reach = p.reach !== 'none';
  const free = p.on_duty && reach && !p.talking, lost = p.on_duty && !reach && !p.talking;
  return (
    <li class={lost ? 'lost' : p.talking ? 'talks' : free ? 'free' : 'away'}>
      <b>{name(p.user)}</b>
      <span><i class="dot" aria-hidden="true" />{lost ? w.wall.unreachable : stateWords(p, u?.state ?? 'away')}</span>
      <small class="how"><span>{p.console ? w.team.console : p.phone ? w.team.voices.phone : w.team.noConsole} · {w.team.tested}: {p.tested_at ? w.team.ago(since(p.tested_at)) : w.team.never}{p.missed > 0 && ` · ${w.wall.missed}: ${p.missed}`}</span><Heard of={p} /><Outcome of={p.test} /></small>
    </li>
  );
}
