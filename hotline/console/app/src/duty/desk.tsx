// The supervisor's other pages, fetched together when the first of them is wanted.
import type { ComponentType } from 'preact';
import { place, type Place } from '../view.ts';
import { DaysPage } from './days.tsx';
import { DecidePage } from './decide.tsx';
import { FairnessPage } from './fairness.tsx';
import { FillPage } from './fill.tsx';
import { HistoryPage } from './history.tsx';
import { RulesPage } from './rules.tsx';
import { TeamPage } from './team.tsx';

const pages: Partial<Record<Place, ComponentType>> = {
  fill: FillPage, swaps: DecidePage, fairness: FairnessPage, team: TeamPage, days: DaysPage, rules: RulesPage, history: HistoryPage,
};

export default function Desk() {
  const Page = pages[place.value];
  return Page ? <Page /> : null;
}
