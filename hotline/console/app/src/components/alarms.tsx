// What a supervisor must look at: one line over everything else, one press to be there. It sounds until it is seen.
import { select } from '../actions.ts';
import * as clock from '../clock.ts';
import { since, title, when } from '../format.ts';
import { words } from '../i18n/words.ts';
import { alarmKey, alarms, model, unheeded } from '../state.ts';
import { ofDuty } from '../store.ts';
import { go, heeded, layer, selected } from '../view.ts';

export function Alarms() {
  clock.minute.value;
  const w = words.value.alarm, a = unheeded.value[0] ?? alarms.value.find((x) => x.contact && x.contact !== selected.value);
  if (!a) return null;
  const c = model.value.contacts[a.contact], by = c?.assignee ? model.value.users[c.assignee]?.name : '', who = a.user ? model.value.users[a.user]?.name : '';
  const loud = unheeded.value.includes(a), key = alarmKey(a);
  const heed = () => { heeded.value = [...heeded.value.filter((k) => k !== key), key]; };
  return (
    <section class={loud ? 'alarms loud' : 'alarms'} aria-label={w.title}>
      <p role="alert">
        <strong>{w.kinds[a.kind]}</strong>
        <span> {c ? title(c) : who} {a.from && a.to && `${when(a.from)}–${when(a.to)} `}{by && `· ${words.value.contact.with(by)} `}· {w.since(since(a.since))}{alarms.value.length > 1 && ` · ${words.value.offer.more(alarms.value.length - 1)}`}</span>
      </p>
      <span class="buttons">
        {loud && <button class="small" onClick={heed}>{w.seen}</button>}
        {ofDuty(a) && <button class="small go" onClick={() => { heed(); layer.value = ''; go('week'); }}>{w.week}</button>}
        {a.contact && <button class="small go" onClick={() => { heed(); layer.value = ''; select(a.contact); }}>{w.go}</button>}
      </span>
    </section>
  );
}
