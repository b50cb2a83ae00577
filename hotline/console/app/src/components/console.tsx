// The working page: where its parts stand, and the keys that work everywhere.
import { useEffect } from 'preact/hooks';
import { accept, accepting, select } from '../actions.ts';
import { danger } from '../calling.ts';
import { words } from '../i18n/words.ts';
import { mine, nextUnread } from '../people.ts';
import { offers, open } from '../state.ts';
import { drawer, focus, go, hidden, layer, pane, place, selected, type Pane } from '../view.ts';
import { Alarms } from './alarms.tsx';
import { mayRaise, Safe } from './danger.tsx';
import { Close, Transfer } from './ending.tsx';
import { Dialog } from './dialog.tsx';
import { Finder } from './finder.tsx';
import { mayInterpret, ring } from './interpreter.tsx';
import { Later, Soon } from './later.tsx';
import { Leave, Me } from './me.tsx';
import { People } from './people.tsx';
import { Phrases } from './phrases.tsx';
import { Side } from './side.tsx';
import { Strip } from './strip.tsx';
import { TalkPane } from './talk.tsx';
import { Top } from './top.tsx';

const duties = () => import('../duty/duty.tsx');
const interpreters = () => import('../duty/interpreters.tsx');
const invite = () => import('./invite.tsx');
const relief = () => import('../duty/relief.tsx');

export function Console() {
  useEffect(() => {
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
  return (
    <>
      <div class="console" data-pane={pane.value} data-drawer={drawer.value ? 'open' : 'shut'} data-open={selected.value ? 'yes' : 'no'}>
        <Top />
        <Alarms />
        <Strip />
        {place.value ? <Later of={duties} /> : (
          <main class="panes">
            <People />
            <TalkPane key={selected.value} />
            <Side key={`side ${selected.value}`} />
            <section class="mepane" aria-label={words.value.me.title}>{pane.value === 'me' && <Me />}</section>
          </main>
        )}
        <Bar />
      </div>
      <Layers />
    </>
  );
}

/** The bar at the bottom of a narrow screen. */
function Bar() {
  const w = words.value.bar, unread = mine.value.reduce((n, c) => n + c.unread, 0);
  const item = (to: Pane, label: string, disabled = false) => (
    <button aria-current={!place.value && pane.value === to ? 'page' : undefined} disabled={disabled} onClick={() => { pane.value = to; go(''); }}>{label}</button>
  );
  return (
    <nav class="bar" aria-label={words.value.name}>
      {item('people', unread > 0 ? `${w.people} (${unread})` : w.people)}
      {item('talk', w.talk, !open.value)}
      {item('side', w.side, !open.value)}
      <button aria-current={place.value ? 'page' : undefined} onClick={() => go('mine')}>{w.duty}</button>
      {item('me', w.me)}
    </nav>
  );
}

function Layers() {
  const w = words.value;
  switch (layer.value) {
    case 'transfer': return <Transfer />;
    case 'close': return <Close />;
    case 'phrases': return <Phrases />;
    case 'invite': return <Soon key="invite" of={invite} />;
    case 'interpreter': return <Soon key="interpreter" of={interpreters} />;
    case 'safe': return <Safe />;
    case 'finder': return <Finder />;
    case 'logout': return <Leave />;
    case 'relief': return <Later of={relief} />;
    case 'me': return <Dialog title={w.me.title} plain><Me /></Dialog>;
    case 'keys': return (
      <Dialog title={w.keys.title} plain>
        <dl class="keys">{w.keys.list.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl>
      </Dialog>
    );
    default: return null;
  }
}

/** By place on the keyboard, not by letter: a layout may put another letter there. */
function keys(e: KeyboardEvent): void {
  const command = e.ctrlKey || e.metaKey;
  if (e.isComposing || e.altKey) return;
  const c = open.value;
  const act = command && e.shiftKey && e.code === 'KeyH' ? hide
    : command && !e.shiftKey && e.code === 'KeyK' ? () => { layer.value = 'finder'; }
    : command ? null
    : e.key === '!' && !writing(e.target) ? raise
    : e.code === 'F2' ? acceptFirst
    : e.code === 'F4' && c?.can_reply ? () => { layer.value = 'phrases'; }
    : e.code === 'F6' ? () => { layer.value = 'relief'; }
    : e.code === 'F7' && mayInterpret(c) ? () => ring(c)
    : e.code === 'F8' ? () => toUnread(e.shiftKey)
    : e.code === 'F9' ? across
    : null;
  if (!act) return;
  e.preventDefault();
  act();
}

/** Whether a key is meant for what is being written. */
function writing(at: EventTarget | null): boolean {
  return at instanceof HTMLElement && (at.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(at.tagName));
}

/** One key, from any conversation. */
function raise(): void {
  const c = open.value;
  if (mayRaise(c)) danger(c);
}

function hide(): void {
  layer.value = '';
  hidden.value = true;
}

function acceptFirst(): void {
  const offer = offers.value.find((o) => !accepting.value.includes(o.contact.id));
  if (!offer) return;
  layer.value = '';
  void accept(offer.contact.id);
}

function toUnread(back: boolean): void {
  const next = nextUnread(selected.value, back);
  if (!next) return;
  select(next.id);
  focus('reply');
}

function across(): void {
  if (document.querySelector('.side')?.contains(document.activeElement)) {
    pane.value = 'talk';
    focus('reply');
    return;
  }
  pane.value = 'side';
  drawer.value = true;
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.side input:checked, .side select, .side textarea')?.focus());
}
