// The pages of duties: the way between them, and the one that is open.
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Later } from '../components/later.tsx';
import { go, place, type Place } from '../view.ts';
import { chief, lines, useToday } from './ask.ts';
import { MinePage } from './mine.tsx';
import { Pending, ZoneLabel } from './parts.tsx';
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
  const Page = own[open], plan = useToday(), tab = useRef<HTMLButtonElement>(null);
  // What the desk's pages ask and change is of one line: before it is known which, they would speak of none.
  const known = lines.value.length > 0 || plan.code === 'not_found';
  useEffect(() => tab.current?.scrollIntoView({ block: 'nearest', inline: 'center' }), [open]);
  return (
    <main class="duties">
      <nav class="tabs" aria-label={w.title}>
        {tabs.map((t) => (
          <button key={t} ref={t === open ? tab : null} class="small quiet" aria-current={t === open ? 'page' : undefined} onClick={() => go(t)}>{w.tabs[t as keyof typeof w.tabs]}</button>
        ))}
      </nav>
      <ZoneLabel zone={plan.value?.zone ?? ''} />
      <div class="page" key={open}>{Page ? <Page /> : known ? <Later of={desk} /> : <Pending fault={plan.fault} again={plan.again} />}</div>
      <Sheet />
    </main>
  );
}
