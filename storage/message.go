package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"hopeline/hotline"
	"hopeline/hotline/safety"
)

const messageColumns = `id, contact_id, direction, at, body, media, by_user, ref, status, error_code`

// scanMessage reads one row of messageColumns, without its media; files is how many there are.
func (s *Store) scanMessage(row scanner, h *held) (m hotline.Message, files int, err error) {
	var sealed []byte
	var at int64
	var code int
	var ref sql.NullString
	if err := row.Scan(&m.ID, &m.Contact, &m.Direction, &at, &sealed, &files, &m.By, &ref, &m.Status, &code); err != nil {
		return m, 0, err
	}
	b, err := h.openBody("messages", string(m.ID), sealed)
	if err != nil {
		return m, 0, err
	}
	m.At, m.Ref, m.Text = fromMillis(at), ref.String, shownText(b.Text, b.Extra)
	if m.Status == hotline.Failed {
		m.Failure = s.failure(code)
	}
	return m, files, nil
}

// messages gives the newest messages of a contact that are older than before (or the newest of all), oldest first.
func (t *tx) messages(h *held, before hotline.MessageID, limit int) ([]hotline.Message, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	found := []hotline.Message{}
	withMedia := false
	err := t.each(`SELECT `+messageColumns+` FROM messages
		WHERE contact_id = $1 AND (CAST($2 AS TEXT) = '' OR id < $2) ORDER BY id DESC LIMIT $3`, []any{string(h.ID), string(before), limit},
		func(r scanner) error {
			m, files, err := t.store.scanMessage(r, h)
			withMedia = withMedia || files > 0
			found = append(found, m)
			return err
		})
	if err != nil {
		return nil, err
	}
	slices.Reverse(found)
	if withMedia {
		return found, t.fillMedia(h, found)
	}
	return found, nil
}

// fillMedia adds the references to what came with the messages.
func (t *tx) fillMedia(h *held, messages []hotline.Message) error {
	byMessage := map[hotline.MessageID][]hotline.Media{}
	err := t.each(`SELECT id, message_id, size, state = 'lost', type FROM media WHERE contact_id = $1 ORDER BY message_id, n`, []any{string(h.ID)}, func(r scanner) error {
		var file hotline.Media
		var message hotline.MessageID
		var sealed []byte
		if err := r.Scan(&file.ID, &message, &file.Size, &file.Lost, &sealed); err != nil {
			return err
		}
		kind, err := h.key.Open(sealed, place("media", "type", string(file.ID), h.ID))
		if err != nil {
			return fmt.Errorf("open a media type: %w", err)
		}
		file.Type = string(kind)
		byMessage[message] = append(byMessage[message], file)
		return nil
	})
	for i := range messages {
		messages[i].Media = byMessage[messages[i].ID]
	}
	return err
}

// Reply is a message that a counsellor wants to send.
type Reply struct {
	By       hotline.UserID
	Contact  hotline.ContactID
	Parts    []string // the text, split as the carrier wants it
	Ref      string   // the console's own id: the same one never sends twice
	StillYes bool     // she was asked whether it is still safe, and said yes
	Allowed  Allowed  // who may know that the contact exists
}

// Reply passes the gate, writes the message and its sends down, and gives it. The same ref gives the first one again.
func (s *Store) Reply(ctx context.Context, r Reply) (hotline.Message, error) {
	var m hotline.Message
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(r.Contact, r.Allowed)
		if err != nil {
			return err
		}
		if err := t.flush(); err != nil {
			return err
		}
		var used hotline.ContactID
		err = t.row(`SELECT contact_id FROM messages WHERE by_user = $1 AND ref = $2`, []any{string(r.By), r.Ref}, &used)
		switch {
		case err == nil && used != r.Contact:
			return hotline.Say(hotline.ErrInvalid, "this ref was used in another contact; nothing was sent")
		case err == nil: // sent already
			m, _, err = s.scanMessage(t.queryRow(`SELECT `+messageColumns+` FROM messages WHERE by_user = $1 AND ref = $2`, string(r.By), r.Ref), h)
			return classify(err)
		case !notThere(err):
			return err
		}
		pass, err := safety.Check(safety.Ask{Contact: h.Contact, By: r.By, At: t.now, Quiet: s.rules.Quiet, StillYes: r.StillYes})
		if err != nil {
			return err
		}
		m, err = t.reply(h, r, pass)
		return err
	})
	return m, err
}

func (t *tx) reply(h *held, r Reply, pass safety.Clearance) (hotline.Message, error) {
	m := hotline.Message{ID: hotline.MessageID(t.newID()), Contact: h.ID, Direction: hotline.Out, At: t.now, By: r.By, Ref: r.Ref,
		Text: strings.Join(r.Parts, ""), Status: hotline.Queued}
	sealed, err := t.sealBody(h, "messages", string(m.ID), body{Text: m.Text})
	if err != nil {
		return m, err
	}
	t.texts = append(t.texts, messageRow{id: string(m.ID), contact: string(h.ID), direction: string(hotline.Out), at: millis(m.At),
		body: sealed, by: string(r.By), ref: r.Ref, status: string(m.Status)})
	if err := t.flush(); err != nil { // the sends' rows need the message's
		return m, err
	}
	if err := t.queueSends(h, m, r.Parts, pass); err != nil {
		return m, err
	}
	detail := "message=" + string(m.ID)
	if pass.Override() {
		detail += " gate=still_safe"
	}
	before := t.chain.seq
	if err := t.apply(string(r.By), h, hotline.Replied{At: hotline.At(t.now), By: r.By}, detail); err != nil {
		return m, err
	}
	if t.chain.seq == before { // a second reply in one moment leaves the contact as it was
		if err := t.audit(string(r.By), hotline.Replied{}.Name(), h.ID, detail); err != nil {
			return m, err
		}
	}
	t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	return m, nil
}

// ask keeps what the owner says to a caller who answers by keys. It takes nothing that the gate did not clear.
func (t *tx) ask(h *held, by hotline.UserID, question string) error {
	pass, err := safety.Check(safety.Ask{Contact: h.Contact, By: by, At: t.now, Spoken: true})
	if err != nil {
		return err
	}
	if !pass.For(h.ID, by) {
		return hotline.Say(hotline.ErrUnsafe, "this did not pass the safety gate; nothing was said")
	}
	m := hotline.Message{ID: hotline.MessageID(t.newID()), Contact: h.ID, Direction: hotline.Out, At: t.now, By: by, Text: question, Status: hotline.Sent}
	sealed, err := t.sealBody(h, "messages", string(m.ID), body{Text: m.Text})
	if err != nil {
		return err
	}
	t.texts = append(t.texts, messageRow{id: string(m.ID), contact: string(h.ID), direction: string(hotline.Out), at: millis(m.At),
		body: sealed, by: string(by), status: string(m.Status)})
	t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	return t.audit(string(by), "question.asked", h.ID, "message="+string(m.ID))
}

// failure is a carrier's error code with its words.
func (s *Store) failure(code int) *hotline.Failure {
	return &hotline.Failure{Code: code, Words: s.words(code)}
}
