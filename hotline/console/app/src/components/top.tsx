// The line at the top: the connection in words, the sound, the switch, and the way to the rest.
import { words } from '../i18n/words.ts';
import type { Presence } from '../protocol.ts';
import { setPresence } from '../session.ts';
import { audible, unlock } from '../sound.ts';
import { link, me, offers } from '../state.ts';
import { go, hidden, layer, notice, place } from '../view.ts';
import { PhoneTrouble } from './phone.tsx';

/** A dot that changes its shape too: full when connected, a ring while it tries. */
export function LinkState() {
  return (
    <span class={`link ${link.value === 'online' ? 'up' : 'down'}`} role="status">
      <span class="dot" aria-hidden="true" />{words.value.link[link.value]}
    </span>
  );
}

export function Top() {
  const w = words.value, user = me.value;
  const crowded = offers.value.length > 0 || notice.value !== null;
  return (
    <header class="top">
      <h1 class="unseen">{w.name}</h1>
      <LinkState />
      {audible.value
        ? <span class="soft desk">{w.sound.on}</span>
        : crowded && <button class="small alarm" onClick={() => void unlock()}>{w.sound.offShort}</button>}
      <PhoneTrouble />
      <span class="gap" />
      <button class="small desk quiet" aria-current={place.value ? 'page' : undefined} onClick={() => go(place.value ? '' : 'mine')}>{place.value ? w.bar.people : w.bar.duty}</button>
      <button class="small desk quiet" onClick={() => { layer.value = 'finder'; }}>{w.bar.find} <kbd>Ctrl K</kbd></button>
      <button class="small desk quiet" onClick={() => { hidden.value = true; }}>{w.bar.hide}</button>
      <button class="small desk quiet" onClick={() => { layer.value = 'keys'; }}>{w.bar.keys}</button>
      <select class={`presence ${user?.state ?? ''}`} aria-label={w.me.presence} value={user?.state ?? 'away'}
        onChange={(e) => void setPresence({ state: e.currentTarget.value as Presence })}>
        <option value="available">{w.presence.available}</option>
        <option value="away">{w.presence.away}</option>
      </select>
      <button class="small desk quiet" onClick={() => { layer.value = 'me'; }}>{user?.name}</button>
    </header>
  );
}
