package storage

import (
	"context"

	"hopeline/hotline"
)

// Danger is a human saying that somebody is in immediate danger, or how that ended. Its ground and outcome are kept as
// a note.
func (s *Store) Danger(ctx context.Context, by hotline.UserID, id hotline.ContactID, d hotline.Danger, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		was := h.Contact.Danger
		if err := t.apply(string(by), h, hotline.InDanger{At: hotline.At(t.now), By: by, On: d.On}, ""); err != nil {
			return err
		}
		if d.On {
			triage, err := t.triage(h)
			if err != nil || triage.Risk == "immediate" {
				return err
			}
			triage.Risk = "immediate"
			return t.saveTriage(h, by, triage)
		}
		if was.IsZero() {
			return hotline.Say(hotline.ErrConflict, "no danger was reported in this contact; nothing was changed")
		}
		_, err = t.addNote(h, by, "Danger over. Ground: "+d.Ground+". Outcome: "+d.Outcome+".", "")
		return err
	})
}
