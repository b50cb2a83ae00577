package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/routing"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// finding is one check of the doctor's: a line, with what to do when it fails. Warn: it is allowed, and unwise.
type finding struct {
	what string
	bad  error
	warn string
}

func (p *program) doctor() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check the whole configuration, one line a check",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			bad := 0
			for _, f := range p.examine(cmd.Context()) {
				switch {
				case f.bad != nil:
					bad++
					fmt.Fprintf(p.stdout, "FAIL  %s: %s\n", f.what, oneLine(f.bad))
				case f.warn != "":
					fmt.Fprintf(p.stdout, "warn  %s: %s\n", f.what, f.warn)
				default:
					fmt.Fprintf(p.stdout, "ok    %s\n", f.what)
				}
			}
			if bad > 0 {
				return fmt.Errorf("%d checks failed; the lines above say what to do", bad)
			}
			return nil
		},
	}
}

func (p *program) examine(ctx context.Context) []finding {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	c, err := readConfig(p.environ, true)
	found := []finding{{what: "environment", bad: err}}
	if err != nil {
		return found
	}
	if !c.SecondFactor {
		found = append(found, finding{what: "second factor", warn: "HOPELINE_MFA is optional: a stolen password opens everything; set it to required"})
	}
	found = append(found, c.checkDatabase(ctx)...)
	return append(found, finding{what: "redis", bad: c.checkRedis(ctx)}, finding{what: "carrier", bad: c.checkCarrier(ctx)},
		finding{what: "spoken words", bad: carrier.CheckPrompts(c.carrier())}, checkZones())
}

func (c *config) checkDatabase(ctx context.Context) []finding {
	keys, err := c.keys(true)
	found := []finding{{what: "master keys", bad: err}}
	if err != nil {
		return found
	}
	store, err := storage.Open(ctx, c.house(keys))
	if err != nil {
		return append(found, finding{what: "database", bad: err})
	}
	defer store.Close()
	found = append(found, finding{what: "database", bad: store.Ready(ctx)}, c.checkFallback(ctx, store))
	users, err := store.Users(ctx)
	f := finding{what: "accounts", bad: err}
	if err == nil && !someoneAnswers(users) {
		f.bad = errors.New("nobody can answer: hopeline user add --role counsellor … adds somebody")
	}
	found = append(found, f, c.checkLast(users))
	if err == nil {
		found = append(found, checkInterpreters(ctx, store, users)...)
	}
	return found
}

// checkInterpreters says when interpreters are there whom nothing ever rings, or planned ones who cannot be rung in the
// next 14 days. A house without interpreters has nothing to check.
func checkInterpreters(ctx context.Context, store *storage.Store, users []hotline.User) []finding {
	f := finding{what: "interpreters"}
	roster, err := store.Roster(ctx)
	planned, there := false, slices.ContainsFunc(users, func(u hotline.User) bool { return u.Role == hotline.Interpreter })
	duty, now := dutyOf(store), usual.now()
	for _, p := range roster.Plans {
		sheet, planErr := duty.Plan(ctx, hotline.Viewer{}, hotline.LineID(p.Line), now, now.AddDate(0, 0, 14))
		err = errors.Join(err, planErr)
		planned = planned || slices.ContainsFunc(sheet.Shifts, func(s hotline.Shift) bool { return s.Kind == string(rota.Interpreter) })
		for _, x := range sheet.Findings {
			if x.Kind == rota.NoInterpreter && f.warn == "" {
				f.warn = x.Words + ": plan somebody who has a phone"
			}
		}
	}
	if there && !planned {
		f.warn = "the rota has none of them on duty in the next 14 days, so nobody rings them: give it slots of the kind interpreter"
	}
	f.bad = err
	if err == nil && !there && !planned {
		return nil
	}
	return []finding{f}
}

// checkLast asks who is rung when nobody on duty takes a call.
func (c *config) checkLast(users []hotline.User) finding {
	f := finding{what: "last resort"}
	reached := slices.ContainsFunc(users, func(u hotline.User) bool { return u.Role == hotline.Supervisor && !u.Disabled && u.Phone != "" })
	if c.Fallback.Backup.Full() == "" && !reached {
		f.bad = errors.New("when nobody on duty takes a call there is nobody to ring: set HOPELINE_BACKUP to a number outside, or give a supervisor a phone")
	}
	return f
}

// checkZones tells which time zone data the rota goes by.
func checkZones() finding {
	zones := rota.Zones()
	f := finding{what: "time zones: the program's own, " + zones.Version}
	switch {
	case zones.Fault != nil:
		f.bad = zones.Fault
	case zones.Given:
		f.what = "time zones: what ZONEINFO names, " + cmp.Or(zones.Version, "of a version that it does not say")
	}
	return f
}

func someoneAnswers(users []hotline.User) bool {
	for _, u := range users {
		if u.Role.Answers() {
			return true
		}
	}
	return false
}

func (c *config) checkRedis(ctx context.Context) error {
	if c.RedisURL == "" {
		return nil // in the process
	}
	client, err := routing.Client(c.RedisURL, zap.NewNop())
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Ping(ctx).Err(); err != nil {
		return errors.New("REDIS_URL does not answer: check that Redis runs there and that the password is right")
	}
	return nil
}

func (c *config) checkCarrier(ctx context.Context) error {
	client := carrier.NewClient(c.carrier())
	defer client.Close()
	return client.Check(ctx)
}
