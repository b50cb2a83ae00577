// Her own switches, her colleagues, and the way out.
import { lang, words, type Lang } from '../i18n/words.ts';
import { language } from '../format.ts';
import { unsent } from '../outbox.ts';
import type { Presence, Voice } from '../protocol.ts';
import { leave, setPresence } from '../session.ts';
import { enterSends, hasKeyboard } from '../settings.ts';
import { audible, sample } from '../sound.ts';
import { me, model } from '../state.ts';
import { hidden, layer } from '../view.ts';
import { Dialog, shut } from './dialog.tsx';
import { PhoneState } from './phone.tsx';
import { Pushes } from './pushes.tsx';

const tongues: Record<Lang, string> = { en: 'English', da: 'Dansk' };

/** The language of the page, each named in itself. */
export function Languages() {
  return (
    <p class="languages" role="group" aria-label={words.value.me.language}>
      {(Object.keys(tongues) as Lang[]).map((l) => (
        <button key={l} type="button" class="small quiet" lang={l} aria-pressed={lang.value === l} onClick={() => { lang.value = l; }}>{tongues[l]}</button>
      ))}
    </p>
  );
}

export function Me() {
  const w = words.value.me, user = me.value;
  if (!user) return null;
  return (
    <div class="me">
      <h2>{user.name}</h2>
      <fieldset class="choices">
        <legend>{w.presence}</legend>
        {(['available', 'away'] as Presence[]).map((s) => (
          <label key={s}><input type="radio" name="state" checked={user.state === s} onChange={() => void setPresence({ state: s })} /><span>{w[s]}</span></label>
        ))}
      </fieldset>
      <p class="choice"><label for="voice">{w.voice}</label>
        <select id="voice" value={user.voice} onChange={(e) => void setPresence({ voice: e.currentTarget.value as Voice })}>
          {(['browser', 'phone', 'none'] as Voice[]).map((v) => <option key={v} value={v}>{w.voices[v]}</option>)}
        </select></p>
      <PhoneState />
      <Pushes />
      <p class="choice"><span>{w.sound}</span><span class="buttons"><button onClick={() => void sample()}>{w.ring}</button> <span class="soft">{audible.value ? words.value.sound.on : words.value.sound.offShort}</span></span></p>
      <div class="choice"><span>{w.language}</span><Languages /></div>
      {hasKeyboard && <p><label class="check"><input type="checkbox" checked={enterSends.value} onChange={(e) => { enterSends.value = e.currentTarget.checked; }} /><span>{w.enter}</span></label></p>}
      <Colleagues />
      <p class="buttons phone"><button onClick={() => { hidden.value = true; }}>{words.value.bar.hide}</button><button onClick={() => { layer.value = 'keys'; }}>{words.value.bar.keys}</button></p>
      <p><button class="wide" onClick={() => { if (unsent.value.length > 0) layer.value = 'logout'; else void leave(); }}>{w.logout}</button></p>
    </div>
  );
}

function Colleagues() {
  const w = words.value, others = Object.values(model.value.users).filter((u) => u.id !== me.value?.id);
  return (
    <section>
      <h2>{w.me.colleagues}</h2>
      {others.length === 0 && <p class="soft">{w.me.alone}</p>}
      <ul class="plain colleagues">
        {others.map((u) => (
          <li key={u.id}><span>{u.name}</span><span class="soft">{u.not_answering ? w.alarm.kinds.not_answering : w.presence[u.state]}{u.languages.length > 0 && ` · ${u.languages.map(language).join(', ')}`}</span></li>
        ))}
      </ul>
    </section>
  );
}

/** Logging out always works; what would be lost is said first. */
export function Leave() {
  const w = words.value.me;
  return (
    <Dialog title={w.logout} plain>
      <p class="line warn">{w.unsent(unsent.value.length)}</p>
      <p class="right buttons"><button onClick={shut}>{words.value.cancel}</button><button class="main" onClick={() => void leave()}>{w.logoutAnyway}</button></p>
    </Dialog>
  );
}
