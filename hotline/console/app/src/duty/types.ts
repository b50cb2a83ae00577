// Short names for what the server says of duties; the types themselves are the protocol's.
import type { Commands, FillResult, MineResult, PlanResult, WallResult, Wish } from '../protocol.ts';

export type { Diff, Finding, Handover, PageTest, Past, Rota, RotaSettings, Seat, Share, Shift, Slot, Standing, Swap, Template, Temporary, Wish } from '../protocol.ts';
export type Change = Commands['shift.change']['args']['do'];
export type Filled = FillResult['proposal'][number];
export type Mine = MineResult;
export type Plan = PlanResult;
export type Proposal = FillResult;
export type Relieved = Commands['duty.relieve']['result'];
export type Wall = WallResult;
export type Will = Wish['kind'];
