// The first facts. Each is saved as it is chosen; what was not asked is a fact too.
import { changes, triage as set, triageFault } from '../actions.ts';
import { language } from '../format.ts';
import { words } from '../i18n/words.ts';
import { languages as spoken } from '../phrases.ts';
import type { Triage } from '../protocol.ts';
import { link, me, model, sentence } from '../state.ts';

type Field = keyof Triage;
type Values = Record<string, string>;

export function TriageForm(p: { contact: string; triage: Triage; guess: string; call: boolean }) {
  const w = words.value.triage, now = { ...p.triage, ...changes.value[p.contact] };
  const field = (name: Field, values: Values) => ({
    name, values, now: now[name] || 'unknown', change: (v: string) => set(p.contact, { [name]: v }),
  });
  return (
    <section class="triage" aria-labelledby="triage-title">
      <div class="head"><h2 id="triage-title">{w.title}</h2><Saved contact={p.contact} /></div>
      <Chips {...field('risk', w.risk)} also={['unknown']} />
      <Chips {...field('safe_now', w.safe_now)} also={['unknown', 'not_asked', 'declined']} />
      {p.call && <Choice {...field('if_dropped', w.if_dropped)} />}
      <Choice {...field('language', tongues(p.guess, now.language))} />
      <Choice {...field('asks_for', w.asks_for)} />
      <Choice {...field('about', w.about)} />
      <Choice {...field('age_band', w.age_band)} />
      <Choice {...field('gender', w.gender)} />
      <Choice {...field('heard_from', w.heard_from)} />
    </section>
  );
}

function Saved({ contact }: { contact: string }) {
  const w = words.value.triage, open = changes.value[contact] !== undefined, why = triageFault.value[contact];
  const text = open ? (link.value === 'online' ? w.saving : w.later) : why ? `${w.failed} ${sentence(why)}` : '';
  return <span class={why && !open ? 'danger' : 'soft'} role="status">{text}</span>;
}

/** Languages that are likely: the guess first, then those with phrases, those of colleagues, and some that are often needed. */
function tongues(guess: string, now: string): Values {
  const often = ['ar', 'bg', 'da', 'de', 'en', 'es', 'fa', 'fil', 'fr', 'hu', 'lt', 'lv', 'ne', 'pl', 'pt', 'ru', 'so', 'sw', 'ti', 'tr', 'uk', 'vi', 'zh'];
  const known = new Set([...spoken, ...often, ...Object.values(model.value.users).flatMap((u) => u.languages), ...(me.value?.languages ?? [])]);
  if (now && !['unknown', 'not_asked', 'declined'].includes(now)) known.add(now);
  known.delete(guess);
  const sorted = [...known].sort((a, b) => language(a).localeCompare(language(b)));
  const first: Values = guess ? { [guess]: `${language(guess)} ?` } : {};
  return { ...first, ...Object.fromEntries(sorted.map((l) => [l, language(l)])) };
}

interface Props {
  name: Field;
  values: Values;
  now: string;
  change(v: string): void;
}

/** A choice that is made in one press. */
function Chips(p: Props & { also: ('unknown' | 'not_asked' | 'declined')[] }) {
  const w = words.value.triage;
  const options: [string, string][] = [...Object.entries(p.values), ...p.also.map((k): [string, string] => [k, w.unset[k]])];
  return (
    <fieldset class={`chips ${p.name}`}>
      <legend>{w.fields[p.name]}</legend>
      {options.map(([value, label]) => (
        <label key={value} class={`chip ${value}`}>
          <input type="radio" name={p.name} value={value} checked={p.now === value} onChange={() => p.change(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Choice(p: Props) {
  const w = words.value.triage, id = `triage-${p.name}`;
  return (
    <p class="choice">
      <label for={id}>{w.fields[p.name]}</label>
      <select id={id} value={p.now} class={p.now === 'unknown' ? 'unset' : ''} onChange={(e) => p.change(e.currentTarget.value)}>
        {Object.entries(w.unset).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        {Object.entries(p.values).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        {!(p.now in w.unset) && !(p.now in p.values) && <option value={p.now}>{p.now}</option>}
      </select>
    </p>
  );
}
