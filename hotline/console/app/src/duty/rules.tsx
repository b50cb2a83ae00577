// What a line wants of its rota: who agrees to swaps, and the limits of work that coverage and filling hold to.
import { useSignal } from '@preact/signals';
import { news, say } from '../view.ts';
import { ask, attempt, line, useAnswer } from './ask.ts';
import { because, Before, may, useTrial } from './before.tsx';
import { Card, Fault, Lines, Pending } from './parts.tsx';
import type { RotaSettings } from './types.ts';
import { words } from './words.ts';

const switches = ['approve', 'phone', 'second', 'here_page'] as const, limits = ['rest_hours', 'nights_in_a_row', 'week_hours', 'confirm_hours', 'test_days'] as const,
  needs = ['language_must', 'gender_must', 'returns_days'] as const;

/** A rest is shorter than a day, or no two days would follow each other. */
const most: Record<typeof limits[number] | typeof needs[number], number> = { language_must: 9, gender_must: 9, returns_days: 365, rest_hours: 23, nights_in_a_row: 31, week_hours: 168, confirm_hours: 2000, test_days: 1000 };

export function RulesPage() {
  const answer = useAnswer('rota.settings.get', { line: line.value });
  if (!answer.value) return <div class="column"><Lines /><Pending fault={answer.fault} again={answer.again} /></div>;
  return <div class="column"><Lines /><Rules key={`${line.value} ${JSON.stringify(answer.value)}`} of={answer.value} /></div>;
}

function Rules({ of }: { of: RotaSettings }) {
  const w = words.value.rules, rules = useSignal(of), fault = useSignal(''), reason = useSignal(''), changed = JSON.stringify(rules.value) !== JSON.stringify(of);
  const trial = useTrial(changed ? { line: line.value, settings: rules.value } : null);
  const set = (change: Partial<RotaSettings>) => { rules.value = { ...rules.value, ...change }; };
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    if (!await attempt(fault, () => ask('rota.settings.set', { line: line.value, ...rules.value, ...because(reason.value) }))) return;
    news.value++;
    say(w.saved);
  }
  const yes = (k: typeof switches[number] | 'woman_key') => (
    <label key={k} class="check"><input type="checkbox" checked={rules.value[k]} onChange={(e) => set({ [k]: e.currentTarget.checked })} /><span>{w[k]}</span></label>
  );
  const number = (k: keyof typeof most) => (
    <p key={k} class="choice"><label for={`rule-${k}`}>{w[k]}</label>
      <input id={`rule-${k}`} type="number" min={0} max={most[k]} required value={rules.value[k]} onInput={(e) => set({ [k]: Number(e.currentTarget.value) })} /></p>
  );
  return (
    <Card title={w.title}>
      <p class="soft">{w.help}</p>
      <form onSubmit={submit}>
        {switches.map(yes)}
        <label class="check"><input type="checkbox" checked={!rules.value.silent} onChange={(e) => set({ silent: !e.currentTarget.checked })} /><span>{w.alarm_page}</span></label>
        <h3>{w.limits}</h3>
        {limits.map(number)}
        <h3>{w.needs}</h3>
        <p class="soft">{w.needsHelp}</p>
        {needs.map(number)}
        {yes('woman_key')}
        <Before trial={trial} reason={reason} id="rules-why" />
        <Fault text={fault.value} />
        <p><button class="main" disabled={!may(trial, reason.value)}>{trial.gap ? w.saveGap : w.save}</button></p>
      </form>
    </Card>
  );
}
