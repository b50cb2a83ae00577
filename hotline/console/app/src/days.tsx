// The page behind an address that somebody is asked for her wishes by. It needs no log-in, names nobody, and knows nothing
// but her own days. What is secret stands after the "#" of the address, which browsers send to nobody; it goes along in the
// body of each question only.
import { render } from 'preact';
import { computed, signal } from '@preact/signals';
import type { Will } from './duty/types.ts';
import { Wills } from './duty/wills.tsx';
import { words as duty } from './duty/words.ts';
import { dayOnly, longDay } from './duty/zone.ts';
import { lang, words } from './i18n/words.ts';
import type { AskedDay, AskedDays } from './protocol.ts';

const state = signal<'loading' | 'open' | 'closed' | 'away'>('loading');
const days = signal<AskedDay[]>([]);
/** The press that is on its way, and the day whose last one is kept, or was not. */
const busy = signal<{ date: string; kind: Will } | null>(null), kept = signal(''), failed = signal('');
const said = computed(() => days.value.filter((d) => d.kind).length);

const secret = () => location.hash.slice(1);

/** Asks, and once more after a while when there were too many questions. */
async function post(path: string, body: object): Promise<Response | null> {
  for (let tries = 0; ; tries++) {
    try {
      const r = await fetch(path, { method: 'POST', credentials: 'omit', cache: 'no-store', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ secret: secret(), ...body }) });
      if (r.status !== 429 || tries >= 3) return r;
      await new Promise((done) => setTimeout(done, Math.min(Number(r.headers.get('Retry-After') ?? 5), 15) * 1000));
    } catch {
      return null;
    }
  }
}

async function load() {
  state.value = 'loading';
  kept.value = failed.value = '';
  const r = secret() ? await post('/api/days', {}) : new Response(null, { status: 404 });
  if (r?.ok) {
    days.value = (await r.json() as AskedDays).days;
    state.value = 'open';
  } else {
    state.value = r?.status === 404 ? 'closed' : 'away';
  }
}

/** One press; what stands there afterwards is what is kept. */
async function press(d: AskedDay, kind: Will) {
  if (busy.value) return;
  const wanted = d.kind === kind ? '' : kind;
  busy.value = { date: d.date, kind };
  kept.value = failed.value = '';
  const r = await post('/api/days/answer', { date: d.date, kind: wanted });
  busy.value = null;
  if (r?.ok) {
    days.value = days.value.map((x) => x.date === d.date ? { ...x, kind: wanted } : x);
    kept.value = d.date;
  } else if (r?.status === 404) {
    state.value = 'closed';
  } else {
    failed.value = d.date;
  }
}

function Page() {
  const w = duty.value.asked;
  switch (state.value) {
    case 'loading': return <main class="sheet"><h1>{words.value.name}</h1><p role="status">{duty.value.loading}</p></main>;
    case 'closed': return <main class="sheet"><h1>{words.value.name}</h1><p class="line warn" role="alert">{w.closed}</p></main>;
    case 'away': return <main class="sheet"><h1>{words.value.name}</h1><p class="line warn" role="alert">{w.away}</p><p><button class="wide" onClick={() => void load()}>{words.value.tryAgain}</button></p></main>;
  }
  const last = days.value.at(-1)?.date;
  return (
    <main class="sheet">
      <h1>{w.title}</h1>
      <p>{w.help}</p>
      <ul class="plain wishdays stacked">{days.value.map((d) => <Day key={d.date} of={d} />)}</ul>
      <p class="soft" role="status">{w.count(said.value, days.value.length)}</p>
      {last && <p class="soft">{w.until(dayOnly(last))}</p>}
    </main>
  );
}

function Day({ of: d }: { of: AskedDay }) {
  const w = duty.value, day = longDay(d.date);
  return (
    <li>
      <span>{day} <small role="status" class="ok">{kept.value === d.date && `✓ ${w.asked.kept}`}</small></span>
      <Wills day={day} now={d.kind} busy={busy.value?.date === d.date ? busy.value.kind : ''} press={(k) => void press(d, k)} />
      {failed.value === d.date && <p class="line danger" role="alert">{w.asked.failed}</p>}
    </li>
  );
}

document.documentElement.lang = lang.value;
document.title = words.value.name;
const root = document.getElementById('app');
if (root) render(<Page />, root);
addEventListener('hashchange', () => void load());
void load();
