package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// Files that came with messages, voicemails among them. One waits at the carrier, is kept here and still lies there, is
// done: deleted there, or is lost: nobody can fetch it. It is deleted there only after what was fetched is on disk.
const (
	mediaWaiting = "waiting"
	mediaKept    = "kept"
	mediaDone    = "done"
	mediaLost    = "lost"
)

// mediaDue is the condition of the index of what wants the carrier.
const mediaDue = `state IN ('waiting', 'kept')`

// MediaDue is one file that wants the carrier: to be fetched, or, when it is Kept, to be deleted there.
type MediaDue struct {
	ID      hotline.MediaID
	Contact hotline.ContactID
	Message hotline.MessageID
	Where   string // at the carrier, as [hotline.InboundMedia] has it
	Kept    bool
	Tries   int       // of this step, with this one
	Since   time.Time // when its message came

	key *seal.DataKey
}

// state is where the step of d begins.
func (d MediaDue) state() string {
	if d.Kept {
		return mediaKept
	}
	return mediaWaiting
}

// ClaimMedia takes the files whose time has come, the longest due first. Lease is how long a try may take; after it, or
// when the house died meanwhile, the file is due again.
func (s *Store) ClaimMedia(ctx context.Context, limit int, lease time.Duration) ([]MediaDue, error) {
	var due []MediaDue
	err := s.write(ctx, func(t *tx) error {
		rows, err := t.mediaDue(limit)
		if err != nil {
			return err
		}
		due = nil
		for _, r := range rows {
			took, err := t.claimMedia(&r, lease)
			if err != nil {
				return err
			}
			if took {
				due = append(due, r.MediaDue)
			}
		}
		return nil
	})
	return due, err
}

type mediaRow struct {
	MediaDue
	place []byte
}

func (t *tx) mediaDue(limit int) ([]mediaRow, error) {
	var found []mediaRow
	err := t.each(`SELECT id, contact_id, message_id, place, state, tries, (SELECT m.at FROM messages m WHERE m.id = media.message_id)
		FROM media WHERE `+mediaDue+` AND next_at <= $1 ORDER BY next_at, id LIMIT $2`, []any{millis(t.now), limit}, func(row scanner) error {
		var r mediaRow
		var state string
		var at int64
		err := row.Scan(&r.ID, &r.Contact, &r.Message, &r.place, &state, &r.Tries, &at)
		r.Kept, r.Since = state == mediaKept, fromMillis(at)
		found = append(found, r)
		return err
	})
	return found, err
}

// claimMedia tells whether the file is ours to try: another process may have been quicker.
func (t *tx) claimMedia(r *mediaRow, lease time.Duration) (bool, error) {
	h, err := t.contact(r.Contact)
	var where []byte
	if err == nil {
		where, err = h.key.Open(r.place, place("media", "place", string(r.ID), r.Contact))
	}
	if errors.Is(err, seal.ErrOpen) || errors.Is(err, hotline.ErrNotFound) {
		t.store.log.Error("a file's place does not open; it was given up", zap.String("media", string(r.ID)))
		_, err := t.exec(`UPDATE media SET state = $1 WHERE id = $2`, mediaLost, string(r.ID))
		return false, err
	}
	if err != nil {
		return false, err
	}
	n, err := t.exec(`UPDATE media SET tries = tries + 1, next_at = $1 WHERE id = $2 AND state = $3 AND tries = $4`,
		millis(t.now.Add(lease)), string(r.ID), r.state(), r.Tries)
	r.Where, r.key, r.Tries = string(where), h.key, r.Tries+1
	return n > 0, err
}

// NextMedia is when the next file wants the carrier; zero when none does.
func (s *Store) NextMedia(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	if err := s.read.QueryRowContext(ctx, `SELECT min(next_at) FROM media WHERE `+mediaDue).Scan(&at); err != nil {
		return time.Time{}, classify(err)
	}
	if !at.Valid {
		return time.Time{}, nil
	}
	return time.UnixMilli(at.Int64).UTC(), nil // 0 is one that was never tried
}

// KeepMedia keeps what was fetched, and what it is found to be. From then on it may be deleted at the carrier. When it
// was kept already nothing changes.
func (s *Store) KeepMedia(ctx context.Context, d MediaDue, body []byte, kind string) error {
	sealed, err := d.key.Seal(body, place("media_bodies", "body", string(d.ID), d.Contact))
	if err != nil {
		return fmt.Errorf("seal a file: %w", err)
	}
	sealedKind, err := d.key.Seal([]byte(kind), place("media", "type", string(d.ID), d.Contact))
	if err != nil {
		return fmt.Errorf("seal a media type: %w", err)
	}
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE media SET state = $1, size = $2, type = $3, tries = 0, next_at = $4 WHERE id = $5 AND state = $6`,
			mediaKept, len(body), sealedKind, millis(t.now), string(d.ID), mediaWaiting)
		if err != nil || n == 0 {
			return err
		}
		if _, err := t.exec(`INSERT INTO media_bodies (media_id, body) VALUES ($1, $2)`, string(d.ID), sealed); err != nil {
			return err
		}
		return t.mediaMoved(d, "media.kept")
	})
}

// LoseMedia gives a file up: it never can be fetched.
func (s *Store) LoseMedia(ctx context.Context, d MediaDue) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE media SET state = $1 WHERE id = $2 AND state = $3`, mediaLost, string(d.ID), mediaWaiting)
		if err != nil || n == 0 {
			return err
		}
		return t.mediaMoved(d, "media.lost")
	})
}

// DroppedMedia writes down that a file is not at the carrier any more.
func (s *Store) DroppedMedia(ctx context.Context, d MediaDue) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE media SET state = $1 WHERE id = $2 AND state = $3`, mediaDone, string(d.ID), mediaKept)
		if err != nil || n == 0 {
			return err
		}
		return t.audit(System, "media.dropped", d.Contact, "media="+string(d.ID))
	})
}

// PostponeMedia tries the same step again after a while.
func (s *Store) PostponeMedia(ctx context.Context, d MediaDue, after time.Duration) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE media SET next_at = $1 WHERE id = $2 AND state = $3`, millis(t.now.Add(after)), string(d.ID), d.state())
		return err
	})
}

// mediaMoved audits what became of a file, and tells who shows its message.
func (t *tx) mediaMoved(d MediaDue, action string) error {
	if err := t.audit(System, action, d.Contact, "media="+string(d.ID)+" message="+string(d.Message)); err != nil {
		return err
	}
	h, err := t.contact(d.Contact)
	if err != nil {
		return err
	}
	m, _, err := t.store.scanMessage(t.queryRow(`SELECT `+messageColumns+` FROM messages WHERE id = $1`, string(d.Message)), h)
	if errors.Is(err, seal.ErrOpen) {
		return nil // its words are damaged; the file is not
	}
	if err != nil {
		return classify(err)
	}
	one := []hotline.Message{m}
	if err := t.fillMedia(h, one); err != nil {
		return err
	}
	t.tell(hotline.MessageChanged{Contact: h.Contact, Message: one[0]})
	return nil
}

// Each of these is the whole of what a viewer learns: the first also for a file of a contact that is not hers to read.
var (
	errNoFile   = hotline.Say(hotline.ErrNotFound, "there is no such file")
	errNotYet   = hotline.Say(hotline.ErrNotFound, "this file is still on its way from the carrier; try again in a minute")
	errFileLost = hotline.Say(hotline.ErrNotFound, "this file could not be fetched from the carrier, and is lost")
)

// Media reads a file for a viewer whom allowed lets in, and what it is. The read is audited before it is done.
func (s *Store) Media(ctx context.Context, v hotline.UserID, id hotline.MediaID, allowed Allowed) (body []byte, kind string, err error) {
	var h *held
	err = s.write(ctx, func(t *tx) error {
		h, kind, err = t.fileFor(id, allowed)
		if err != nil {
			return err
		}
		return t.audit(string(v), "media.read", h.ID, "media="+string(id))
	})
	if err != nil {
		return nil, "", err
	}
	var sealed []byte
	if err := s.read.QueryRowContext(ctx, `SELECT body FROM media_bodies WHERE media_id = $1`, string(id)).Scan(&sealed); err != nil {
		return nil, "", classify(err)
	}
	if body, err = h.key.Open(sealed, place("media_bodies", "body", string(id), h.ID)); err != nil {
		return nil, "", fmt.Errorf("open a file: %w", err)
	}
	return body, kind, nil
}

// fileFor finds a file that is here, with its contact and what it is.
func (t *tx) fileFor(id hotline.MediaID, allowed Allowed) (*held, string, error) {
	var contact hotline.ContactID
	var state string
	var sealed []byte
	err := t.row(`SELECT contact_id, state, type FROM media WHERE id = $1`, []any{string(id)}, &contact, &state, &sealed)
	if notThere(err) {
		return nil, "", errNoFile
	}
	if err != nil {
		return nil, "", err
	}
	h, err := t.open(contact, allowed)
	switch {
	case errors.Is(err, hotline.ErrNotFound):
		return nil, "", errNoFile
	case err != nil:
		return nil, "", err
	case state == mediaWaiting:
		return nil, "", errNotYet
	case state == mediaLost:
		return nil, "", errFileLost
	}
	kind, err := h.key.Open(sealed, place("media", "type", string(id), contact))
	if err != nil {
		return nil, "", fmt.Errorf("open a media type: %w", err)
	}
	return h, string(kind), nil
}
