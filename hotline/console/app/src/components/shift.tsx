// Before the shift: one press that lets the page make a sound, and says who is here.
import { useSignal } from '@preact/signals';
import { words } from '../i18n/words.ts';
import { mine } from '../people.ts';
import { check, microphone } from '../phone/microphone.ts';
import { setPresence } from '../session.ts';
import { audible, sample, unlock } from '../sound.ts';
import { link, me, model } from '../state.ts';
import { go, started } from '../view.ts';
import { duty, queueWords } from './strip.tsx';
import { Languages } from './me.tsx';
import { LinkState } from './top.tsx';

export function Shift() {
  const w = words.value.shift, refused = useSignal(false), busy = useSignal(false);
  const others = Object.values(model.value.users).filter((u) => u.id !== me.value?.id && u.state === 'available').length;
  async function play() { refused.value = !await sample(); }
  async function start() {
    busy.value = true;
    await unlock();
    await setPresence({ state: 'available' });
    busy.value = false;
    if (me.value?.state === 'available') started.value = true;
  }
  return (
    <main class="sheet">
      <p class="soft"><LinkState /></p>
      <h1>{w.hello(me.value?.name ?? '')}</h1>
      <ul class="plain">
        <li>{queueWords()}</li>
        <li>{w.mine(mine.value.length)}</li>
        <li>{w.colleagues(others)}</li>
        {duty() && <li>{duty()}</li>}
      </ul>
      <hr />
      <p>{w.before}</p>
      <p class="buttons">
        <button onClick={play}>{w.play}</button>
        <span role="status">{refused.value ? w.refused : audible.value ? <span class="ok">✓ {w.heard}</span> : ''}</span>
      </p>
      {me.value?.voice === 'browser' && me.value.role !== 'admin' && (
        <p class="buttons">
          <button onClick={() => void check()}>{words.value.phone.check}</button>
          <span role="status">{microphone.value === 'ready' ? <span class="ok">✓ {words.value.phone.works}</span>
            : microphone.value === 'unknown' ? '' : words.value.phone.trouble[microphone.value]}</span>
        </p>
      )}
      <p><button class="main wide" disabled={busy.value || link.value !== 'online'} onClick={start}>{w.start}</button></p>
      <p><button class="text wide" onClick={() => { void unlock(); started.value = true; }}>{w.look}</button></p>
      <p><button class="text wide" onClick={() => go('mine')}>{words.value.bar.myDuties}</button></p>
      <Languages />
    </main>
  );
}
