// What a supervisor must look at: one line over everything else, one press to be there. It sounds until it is seen.
import { select } from '../actions.ts';
import * as clock from '../clock.ts';
import { since, title, when } from '../format.ts';
import { words } from '../i18n/words.ts';
import { alarmKey, alarms, model, unheeded, wire } from '../state.ts';
import { ofDuty, toCome, type Alarm } from '../store.ts';
import { go, heeded, layer, selected } from '../view.ts';

/** When it is so of a rota, or what. */
function what(a: Alarm): string {
  const w = words.value.alarm, o = a.open;
  if (o) return [o.gaps, o.last_tier, o.short].flatMap((n, i) => n ? `${n} × ${w.open[i]}` : []).join(', ');
  return a.words ?? (a.to ? `${toCome(a) ? when(a.from!) : ''}–${when(a.to)}` : '');
}

export function Alarms() {
  clock.minute.value;
  const w = words.value.alarm, a = unheeded.value[0] ?? alarms.value.find((x) => x.contact && x.contact !== selected.value);
  if (!a) return null;
  const c = model.value.contacts[a.contact], by = c?.assignee ? model.value.users[c.assignee]?.name : '', who = a.user ? model.value.users[a.user]?.name : '';
  const unseen = unheeded.value.includes(a), key = alarmKey(a);
  const heed = () => {
    heeded.value = [...heeded.value.filter((k) => k !== key), key];
    if (a.bulletin) void wire.ask('bulletin.seen', { bulletin: a.bulletin }).catch(() => {}); // else the next hello brings it again
  };
  return (
    <section class={`alarms ${a.bulletin ? 'quiet' : unseen && 'loud'}`} aria-label={w.title}>
      <p role={a.bulletin ? 'status' : 'alert'}>
        <strong>{w.kinds[a.kind]}</strong>
        <span> {c ? title(c) : who || what(a)} {by && `· ${words.value.contact.with(by)} `}{!toCome(a) && `· ${w.since(since(a.since))}`}{alarms.value.length > 1 && ` · ${words.value.offer.more(alarms.value.length - 1)}`}</span>
      </p>
      <span class="buttons">
        {unseen && <button class="small" onClick={heed}>{w.seen}</button>}
        {ofDuty(a) && <button class="small go" onClick={() => { heed(); layer.value = ''; go('week'); }}>{w.week}</button>}
        {a.contact && <button class="small go" onClick={() => { heed(); layer.value = ''; select(a.contact); }}>{w.go}</button>}
      </span>
    </section>
  );
}
