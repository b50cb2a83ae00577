package console

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// Empty is the result of a command that has none, and the arguments of one that needs none.
type Empty struct{}

func (Empty) check() error { return nil }

// call is one command of one connection, by whom she is now.
type call struct {
	context.Context
	*connection
	v hotline.Viewer
}

// shown is a contact as the caller may see it.
func (x call) shown(c hotline.Contact) Contact { return contactFor(x.v, c, x.console.cfg.Now()) }

// command is one entry of the table. The types are for the page's generated ones.
type command struct {
	args, result reflect.Type
	everybody    bool // also roles that never answer a contact
	chief        bool // supervisors only
	duty         bool // needs the plan of who comes when
	do           func(x call, args json.RawMessage) (any, error)
}

// arguments can tell whether they are within the limits.
type arguments interface{ check() error }

// does makes a command of a method with typed arguments.
func does[A arguments, R any](f func(call, A) (R, error)) command {
	return command{args: reflect.TypeFor[A](), result: reflect.TypeFor[R](), do: func(x call, raw json.RawMessage) (any, error) {
		var args A
		if len(raw) > 0 && json.Unmarshal(raw, &args) != nil {
			return nil, errArgs
		}
		if err := args.check(); err != nil {
			return nil, err
		}
		return f(x, args)
	}}
}

// chiefs lets supervisors use it, and nobody else.
func (c command) chiefs() command {
	c.chief = true
	return c
}

// openly lets everybody use it who is logged in.
func (c command) openly() command {
	c.everybody = true
	return c
}

// plans lets everybody use it who is logged in, in a house that has plans; what each role may, the house checks.
func (c command) plans() command {
	c.everybody, c.duty = true, true
	return c
}

// commands is the whole of what a page may ask for.
var commands = map[string]command{
	"presence.set":     does(call.setPresence).openly(),
	"offer.accept":     does(call.accept),
	"offer.decline":    does(call.decline),
	"contact.take":     does(call.take),
	"contact.open":     does(call.openContact),
	"contact.read":     does(call.readContact),
	"contact.transfer": does(call.transfer),
	"contact.close":    does(call.closeContact),
	"contact.bar":      does(call.bar),
	"user.change":      does(call.changeUser).chiefs(),
	"message.send":     does(call.send),
	"note.add":         does(call.addNote),
	"triage.set":       does(call.setTriage),
	"queue.list":       does(call.list),
	"rota.on_call":     does(call.onCall).openly(),
	"rota.get":         does(call.rota).openly(),
	"rota.save":        does(call.saveRota).openly(),

	"push.key":         does(call.pushKey),
	"push.subscribe":   does(call.subscribe),
	"push.unsubscribe": does(call.unsubscribe),
	"push.test":        does(call.testPush),
	"page.test":        does(call.pageTest),
	"sound.set":        does(call.setSound).openly(),

	"duty.plan":          does(call.plan).plans(),
	"duty.mine":          does(call.mine).plans(),
	"duty.here":          does(call.here).plans(),
	"duty.relieve":       does(call.relieve).plans(),
	"duty.back":          does(call.backOnDuty).plans(),
	"duty.handover":      does(call.handOver).plans(),
	"duty.handover.read": does(call.readHandover).plans(),
	"duty.dry_run":       does(call.dryRun).chiefs(),
	"shift.change":       does(call.changeShift).plans(),
	"shift.claim":        does(call.claim).plans(),
	"shift.confirm":      does(call.confirm).plans(),
	"swap.ask":           does(call.askSwap).plans(),
	"swap.take":          does(call.takeSwap).plans(),
	"swap.withdraw":      does(call.withdrawSwap).plans(),
	"swap.decide":        does(call.decideSwap).plans(),
	"swap.list":          does(call.swaps).plans(),
	"wish.set":           does(call.setWish).plans(),
	"wish.drop":          does(call.dropWish).plans(),
	"calendar.address":   does(call.calendarAddress).plans(),
	"calendar.revoke":    does(call.revokeCalendar).plans(),
	"calendar.give":      does(call.giveCalendar).plans(),
	"calendar.take":      does(call.takeCalendar).plans(),
	"calendar.follow":    does(call.follow).plans(),
	"calendar.unfollow":  does(call.unfollow).plans(),
	"calendar.followed":  does(call.followed).plans(),
	"calendar.follows":   does(call.follows).plans(),
	"wish.ask":           does(call.askWishes).plans(),
	"wish.asked":         does(call.asked).plans(),
	"wish.link":          does(call.link).plans(),
	"wish.withdraw":      does(call.withdrawAsk).plans(),
	"rota.preview":       does(call.preview).plans(),
	"rota.try":           does(call.try).plans(),
	"rota.draft.get":     does(call.draft).plans(),
	"rota.draft.set":     does(call.setDraft).plans(),
	"rota.draft.drop":    does(call.dropDraft).plans(),
	"rota.template.set":  does(call.setTemplate).plans(),
	"rota.temporary.set": does(call.setTemporary).plans(),
	"rota.overlay.drop":  does(call.dropOverlay).plans(),
	"rota.overlays":      does(call.overlays).plans(),
	"rota.fairness":      does(call.fairness).plans(),
	"rota.fill":          does(call.fill).plans(),
	"rota.fill.apply":    does(call.applyFill).plans(),
	"rota.history":       does(call.history).plans(),
	"rota.settings.get":  does(call.settings).plans(),
	"rota.settings.set":  does(call.setSettings).plans(),
	"wallboard":          does(call.wall).plans(),
	"bulletin.seen":      does(call.seenBulletin).chiefs(),

	"call.hold":      does(call.hold),
	"call.mute":      does(call.mute),
	"call.hangup":    does(call.hangUp),
	"call.keys":      does(call.keys),
	"call.invite":    does(call.invite),
	"call.interpret": does(call.interpret),
	"call.release":   does(call.release),
	"call.listen":    does(call.listen).chiefs(),
	"call.leave":     does(call.leave),
	"call.back":      does(call.callBack),
	"contact.danger": does(call.danger),
}

// answer does one command and queues its reply.
func (c *connection) answer(a ask) {
	k := c.console
	ctx, cancel := context.WithTimeout(k.work, k.limits.command)
	defer cancel()
	began := time.Now()
	result, err := c.dispatch(ctx, a)
	k.figures.answered(a.Do, err, time.Since(began))
	if err != nil {
		if !expected(err) {
			k.log.Error("a command failed", zap.String("do", known(a.Do)), zap.String("cause", cause(err)))
		}
		c.put(k.refused(a, err))
		return
	}
	c.put(frame{body: encode(Reply{Re: a.ID, OK: true, Result: result})})
}

// dispatch finds the command and does it. A fault in one is that command's failure, not the house's.
func (c *connection) dispatch(ctx context.Context, a ask) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			c.console.log.Error("a command broke", zap.String("do", known(a.Do)), zap.Stack("stack"))
			result, err = nil, hotline.Say(hotline.ErrUnavailable, "")
		}
	}()
	do, ok := commands[a.Do]
	if !ok {
		return nil, errUnknown
	}
	v := *c.viewer.Load()
	if !do.everybody && !v.Role.Answers() || do.chief && v.Role != hotline.Supervisor {
		return nil, hotline.ErrForbidden
	}
	if do.duty && c.console.parts.Duty == nil {
		return nil, errAbsent
	}
	return do.do(call{Context: ctx, connection: c, v: v}, a.Args)
}

// known is the name of a command, and nothing for what is none: a stranger's text does not go into logs and figures.
func known(do string) string {
	if _, ok := commands[do]; ok {
		return do
	}
	return "unknown"
}

// refused is the reply to a command that failed. Whoever is asked whether it is still safe may say yes and try again.
func (k *Console) refused(a ask, err error) frame {
	code, _, words := answerOf(err)
	r := Refusal{Code: code, Message: words}
	if errors.Is(err, hotline.ErrStillSafe) {
		r.Retry = "safe"
	}
	return frame{body: encode(Reply{Re: a.ID, Error: &r})}
}

// refresh asks for a hello, once however often it is asked.
func (c *connection) refresh() {
	if c.asked.CompareAndSwap(false, true) {
		c.in.put(c.greet, true)
	}
}

// greet says hello: all that the page needs to know, as the database has it now. Without one the page is of no use, so
// it is sent away to try again.
func (c *connection) greet() {
	c.asked.Store(false)
	c.out.stop()
	k := c.console
	ctx, cancel := context.WithTimeout(k.work, k.limits.command)
	defer cancel()
	v := *c.viewer.Load()
	all, err := k.parts.Rooms.Overview(ctx, v)
	if err != nil {
		k.log.Error("no overview for a console", zap.String("cause", cause(err)))
		c.finish(endLater)
		return
	}
	alarms, err := k.parts.Watch.Standing(ctx, v)
	if err != nil {
		k.log.Error("a console is not told of the rota's alarms", zap.String("cause", cause(err))) // whoever waits goes before
	}
	c.out.greet(eventFrame(k.hello(v, all, alarms)))
}

func (k *Console) hello(v hotline.Viewer, all hotline.Overview, alarms []hotline.Alarmed) Hello {
	now := k.cfg.Now().UTC()
	contact := func(c hotline.Contact) Contact { return contactFor(v, c, now) }
	h := Hello{
		User: userOf(all.User), Users: each(all.Users, userOf), Contacts: each(all.Contacts, contact),
		Offers: each(all.Offers, func(o hotline.HeldOffer) Offer { return Offer{contact(o.Contact), Stamp(o.Expires)} }),
		Others: each(all.Others, contact), Queue: queueOf(all.Queue, now), Now: Stamp(now), RotaSaved: all.RotaSaved,
		OnDutyNote: dutyNote(all.RotaSaved, all.Duty), Degraded: k.slower.Load(),
		Alarms: each(alarms, alarmOf),
	}
	return h
}
