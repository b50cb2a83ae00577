package storage

import (
	"context"

	"hopeline/hotline"
	"hopeline/hotline/safety"
)

// greetAtOnce is how many contacts are looked at for the automatic text at one time.
const greetAtOnce = 200

// Ungreeted lists contacts that the gate lets have the automatic text, oldest first.
func (s *Store) Ungreeted(ctx context.Context) ([]hotline.ContactID, error) {
	var found []hotline.ContactID
	err := s.look(ctx, func(t *tx) error {
		open, err := t.contactsWhere(`WHERE c.is_open AND c.state IN ('waiting', 'offered', 'active') AND c.channel <> 'voice'
			AND c.unanswered >= $1 ORDER BY c.since LIMIT $2`, millis(t.now.Add(-safety.GreetsWithin)), greetAtOnce)
		for _, h := range open {
			if _, err := safety.Greet(h.Contact, t.now); err == nil {
				found = append(found, h.ID)
			}
		}
		return err
	})
	return found, err
}

// Greet writes the automatic text of a contact, once, and gives hotline.ErrUnsafe when the gate does not let it out.
// Words gives that of a line in a language, which is empty when nobody knows it.
func (s *Store) Greet(ctx context.Context, id hotline.ContactID, words func(line hotline.LineID, language string) string) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		pass, err := safety.Greet(h.Contact, t.now)
		if err != nil {
			return err
		}
		m := hotline.Message{ID: hotline.MessageID(t.newID()), Contact: h.ID, Direction: hotline.Out, At: t.now, Text: words(h.Line, h.SpokenLanguage()), Status: hotline.Queued}
		sealed, err := t.sealBody(h, "messages", string(m.ID), body{Text: m.Text})
		if err != nil {
			return err
		}
		t.texts = append(t.texts, messageRow{id: string(m.ID), contact: string(h.ID), direction: string(hotline.Out), at: millis(m.At),
			body: sealed, status: string(m.Status)})
		if err := t.flush(); err != nil { // the send's row needs the message's
			return err
		}
		if err := t.queueSends(h, m, []string{m.Text}, pass); err != nil {
			return err
		}
		if err := t.apply(System, h, hotline.WasGreeted{At: hotline.At(t.now)}, "message="+string(m.ID)); err != nil {
			return err
		}
		t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
		return nil
	})
}
