package intake

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/text"
	"hopeline/storage"
)

const (
	// greetSoon lets what comes in a rush be greeted together. A greeting is wanted within 10 s.
	greetSoon = 200 * time.Millisecond
	// greetLook is how often what nobody told of is looked for: a start, another process, a notice that was lost.
	greetLook = 5 * time.Second
)

// Greeter answers the first text of a contact by one neutral sentence, so that whoever wrote knows that it arrived; while
// the line is closed by another, that says so. The gate decides whether; SQL keeps it from happening twice.
type Greeter struct {
	store     *storage.Store
	languages []string // of the house, where that of the person is not known
	now       func() time.Time
	log       *zap.Logger
	waker
}

// NewGreeter makes a greeter.
func NewGreeter(store *storage.Store, languages []string, now func() time.Time, log *zap.Logger) *Greeter {
	return &Greeter{store: store, languages: languages, now: now, log: log, waker: newWaker()}
}

// Tell wakes the greeter when somebody wrote who was not greeted.
func (g *Greeter) Tell(n hotline.Notice) {
	if m, ok := n.(hotline.MessageAdded); ok && m.Message.Direction == hotline.In && m.Contact.Channel != hotline.Voice && !m.Contact.Greeted {
		g.Wake()
	}
}

// Run greets until ctx ends.
func (g *Greeter) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := g.Round(ctx); err != nil && ctx.Err() == nil {
			g.log.Warn("whom to greet cannot be read; it is tried again", zap.Error(err))
		}
		if g.rest(ctx, greetLook) {
			waker(nil).rest(ctx, greetSoon)
		}
	}
	return nil
}

// Round greets everybody who is to be greeted now.
func (g *Greeter) Round(ctx context.Context) error {
	contacts, err := g.store.Ungreeted(ctx)
	if err != nil || len(contacts) == 0 {
		return err
	}
	closed := g.store.ClosedNow(ctx)
	words := func(line hotline.LineID, language string) string {
		if closed(line) {
			return text.Closed(language, g.languages...)
		}
		return text.Greeting(language, g.languages...)
	}
	for _, id := range contacts {
		if err := g.store.Greet(ctx, id, words); err != nil && !errors.Is(err, hotline.ErrUnsafe) && !errors.Is(err, hotline.ErrConflict) {
			return err
		}
	}
	return nil
}
