// What the router knows of each colleague besides the rota: languages, and whether she is a woman or a man.
import { useSignal } from '@preact/signals';
import { colleagues } from '../people.ts';
import type { Gender, User } from '../protocol.ts';
import { me, model } from '../state.ts';
import { say } from '../view.ts';
import { ask, attempt } from './ask.ts';
import { Card, Fault } from './parts.tsx';
import { words } from './words.ts';

export function Skills() {
  const w = words.value.team;
  if (me.value?.role !== 'supervisor') return null;
  const users = colleagues();
  return (
    <Card title={w.skills}>
      <p class="soft">{w.skillsHelp}</p>
      <ul class="plain rows">{users.map((u) => <Skill key={u.id} of={u} />)}</ul>
    </Card>
  );
}

function Skill({ of: u }: { of: User }) {
  const w = words.value.team, languages = useSignal(u.languages.join(', ')), gender = useSignal<Gender>(u.gender ?? ''), fault = useSignal('');
  const codes = () => languages.value.toLowerCase().split(/[\s,;]+/).filter(Boolean);
  const same = codes().join() === u.languages.join() && gender.value === (u.gender ?? '');
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const done = await attempt(fault, async () => {
      const { user } = await ask('user.change', { user: u.id, languages: codes(), gender: gender.value });
      model.value = { ...model.value, users: { ...model.value.users, [user.id]: user } };
    });
    if (done) say(w.kept(u.name));
  }
  return (
    <li>
      <form class="skill" onSubmit={submit}>
        <b>{u.name}</b>
        <input aria-label={w.skillLanguages(u.name)} value={languages.value} spellcheck={false} onInput={(e) => { languages.value = e.currentTarget.value; }} />
        <select aria-label={w.skillGender(u.name)} value={gender.value} onChange={(e) => { gender.value = e.currentTarget.value as Gender; }}>
          {Object.entries(w.genders).map(([k, label]) => <option key={k} value={k}>{label}</option>)}
        </select>
        <button class="small" disabled={same}>{w.keep}</button>
        <Fault text={fault.value} />
      </form>
    </li>
  );
}
