// The entry: decides what stands on the page, and starts the rest.
import { render } from 'preact';
import './ring.ts';
import './settings.ts';
import './title.ts';
import { Console } from './components/console.tsx';
import { Later } from './components/later.tsx';
import { Hidden, Replaced } from './components/layers.tsx';
import { Enrol, Login } from './components/login.tsx';
import { Shift } from './components/shift.tsx';
import { words } from './i18n/words.ts';
import { unsent } from './outbox.ts';
import { answered } from './phone/line.ts';
import { begin } from './session.ts';
import { gate, link, me, wire } from './state.ts';
import { hidden, place, started } from './view.ts';

const wall = () => import('./duty/wall.tsx');

function Page() {
  if (hidden.value) return <Hidden />;
  switch (gate.value) {
    case 'loading': return <Waiting />;
    case 'login': return <Login />;
    case 'enrol': return <Enrol />;
  }
  if (link.value === 'replaced') return <Replaced />;
  if (!me.value) return <Waiting />;
  if (place.value === 'wall' && me.value.role !== 'counsellor') return <Later of={wall} />;
  return started.value || place.value ? <Console /> : <Shift />;
}

function Waiting() {
  const w = words.value;
  return <main class="sheet"><h1>{w.name}</h1><p role="status">{w.link.connecting}…</p></main>;
}

const root = document.getElementById('app');
if (root) render(<Page />, root);

addEventListener('online', () => wire.nudge());
document.addEventListener('visibilitychange', () => { if (!document.hidden) wire.nudge(); });
addEventListener('beforeunload', (e) => { if (unsent.value.length > 0 || answered.value) e.preventDefault(); });

void begin();
