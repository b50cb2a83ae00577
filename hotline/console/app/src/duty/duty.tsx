// The pages of duties: the way between them, and the one that is open.
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Later } from '../components/later.tsx';
import { go, place, type Place } from '../view.ts';
import { chief, useRotasZone } from './ask.ts';
import { MinePage } from './mine.tsx';
import { ZoneLabel } from './parts.tsx';
import { Sheet } from './sheet.tsx';
import { WeekPage } from './weekpage.tsx';
import { WishesPage } from './wishes.tsx';
import { words } from './words.ts';

const everybodys: Place[] = ['mine', 'wishes', 'week'];
const chiefs: Place[] = ['fill', 'swaps', 'fairness', 'team', 'days', 'rules', 'history', 'wall'];
const desk = () => import('./desk.tsx');

export default function Duty() {
  const w = words.value, tabs = chief() ? [...everybodys, ...chiefs] : everybodys;
  const open = tabs.includes(place.value) ? place.value : 'mine';
  const own: Partial<Record<Place, ComponentType>> = { mine: MinePage, wishes: WishesPage, week: WeekPage };
  const Page = own[open], zone = useRotasZone(), tab = useRef<HTMLButtonElement>(null);
  useEffect(() => tab.current?.scrollIntoView({ block: 'nearest', inline: 'center' }), [open]);
  return (
    <main class="duties">
      <nav class="tabs" aria-label={w.title}>
        {tabs.map((t) => (
          <button key={t} ref={t === open ? tab : null} class="small quiet" aria-current={t === open ? 'page' : undefined} onClick={() => go(t)}>{w.tabs[t as keyof typeof w.tabs]}</button>
        ))}
      </nav>
      <ZoneLabel zone={zone} />
      <div class="page" key={open}>{Page ? <Page /> : <Later of={desk} />}</div>
      <Sheet />
    </main>
  );
}
