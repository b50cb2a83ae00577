package storage

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// aDay is the first day that the tests ask about.
func (h *house) aDay() rota.Span {
	start := h.clock().Truncate(24*time.Hour).AddDate(0, 0, 10)
	return rota.Span{Start: start, End: start.AddDate(0, 0, 1)}
}

// asksAll asks people about two days, each by the secret "secret of NAME".
func (h *house) asksAll(by hotline.UserID, people map[string]hotline.UserID) hotline.WishAsk {
	h.t.Helper()
	var links []NewLink
	for name, id := range people {
		links = append(links, NewLink{User: id, Secret: "secret of " + name})
	}
	day := h.aDay()
	ask, err := h.AskWishes(h.t.Context(), hotline.WishAsk{Line: aLine, Zone: "UTC", From: day.Start.Format(time.DateOnly), To: day.End.Format(time.DateOnly),
		Ends: day.End.AddDate(0, 0, 1), By: by}, links)
	if err != nil {
		h.t.Fatal(err)
	}
	return ask
}

func (h *house) opens(secret string) ([]hotline.Wish, error) {
	_, said, err := h.OpenLink(h.t.Context(), secret, func(hotline.WishAsk) (rota.Span, error) { return h.aDay(), nil })
	return said, err
}

func (h *house) answers(secret, kind string) error {
	return h.AnswerLink(h.t.Context(), secret, kind, func(hotline.WishAsk) (rota.Span, error) { return h.aDay(), nil })
}

func TestWishesByALink(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx, ann, bea, sue := t.Context(), h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID, h.user("sue", hotline.Supervisor).ID
		ask := h.asksAll(sue, map[string]hotline.UserID{"ann": ann, "bea": bea})
		if said, err := h.opens("secret of ann"); err != nil || len(said) != 0 {
			t.Fatalf("before the answer: %v, %v", said, err)
		}
		for _, kind := range []string{"can", "cannot"} {
			h.do(h.answers("secret of ann", kind))
		}
		if said, err := h.opens("secret of ann"); err != nil || len(said) != 1 || said[0].Kind != "cannot" || said[0].User != ann {
			t.Errorf("after the answer: %+v, %v", said, err)
		}
		if said, _ := h.opens("secret of bea"); len(said) != 0 {
			t.Errorf("bea is shown ann's wishes: %+v", said)
		}
		if all, err := h.Wishes(ctx, ann, h.aDay().Start, h.aDay().End); err != nil || len(all) != 1 {
			t.Errorf("the wishes that filling goes by are %+v, %v", all, err)
		}
		got, err := h.Ask(ctx, aLine)
		if err != nil || got == nil || got.ID != ask.ID || len(got.People) != 2 {
			t.Fatalf("Ask = %+v, %v", got, err)
		}
		for _, p := range got.People {
			if p.Opened.IsZero() || p.Answered.IsZero() != (p.User == bea) {
				t.Errorf("of %s it is known %+v", p.User, p)
			}
		}
		h.do(h.answers("secret of ann", ""))
		if said, _ := h.opens("secret of ann"); len(said) != 0 {
			t.Errorf("what was taken back is still there: %+v", said)
		}
		var actions []string
		rows, err := h.read.Query(`SELECT actor, action FROM audit WHERE action LIKE 'wishes.%' ORDER BY seq`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var actor, action string
			if err := rows.Scan(&actor, &action); err != nil {
				t.Fatal(err)
			}
			actions = append(actions, map[string]string{string(ann): "ann", string(bea): "bea", string(sue): "sue"}[actor]+" "+action)
		}
		want := []string{"sue wishes.asked", "ann wishes.link.opened", "ann wishes.link.answered", "ann wishes.link.answered", "ann wishes.link.opened", "bea wishes.link.opened",
			"ann wishes.link.answered", "ann wishes.link.opened"}
		if !slices.Equal(actions, want) {
			t.Errorf("the trail is\n%s\nwant\n%s", strings.Join(actions, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestASecretThatOpensNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx, ann, sue := t.Context(), h.user("ann", hotline.Counsellor), h.user("sue", hotline.Supervisor).ID
		people := map[string]hotline.UserID{"ann": ann.ID}
		closed := func(what, secret string) {
			t.Helper()
			if _, err := h.opens(secret); !errors.Is(err, hotline.ErrNotFound) {
				t.Errorf("%s: it opens: %v", what, err)
			}
			if err := h.answers(secret, "can"); !errors.Is(err, hotline.ErrNotFound) {
				t.Errorf("%s: it answers: %v", what, err)
			}
		}
		h.asksAll(sue, people)
		closed("a wrong one", "secret of anna")
		closed("none", "")
		if secret, err := h.ShowLink(ctx, sue, aLine, ann.ID); err != nil || secret != "secret of ann" {
			t.Errorf("ShowLink = %q, %v", secret, err)
		}
		for where, content := range h.everything() {
			if strings.Contains(content, "secret of ann") {
				t.Errorf("%s holds the secret in clear", where)
			}
		}
		h.do(h.EndAsk(ctx, sue, aLine))
		closed("taken back", "secret of ann")
		if _, err := h.ShowLink(ctx, sue, aLine, ann.ID); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("a link that was taken back is shown: %v", err)
		}
		h.later(time.Second)
		if _, err := h.AskWishes(ctx, hotline.WishAsk{Line: aLine, Zone: "UTC", Ends: h.aDay().End, By: sue}, []NewLink{{ann.ID, "another"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.opens("another"); err != nil {
			t.Errorf("the new one: %v", err)
		}
		if _, err := h.AskWishes(ctx, hotline.WishAsk{Line: aLine, Zone: "UTC", Ends: h.aDay().End, By: sue}, []NewLink{{ann.ID, "a third"}}); err != nil {
			t.Fatal(err)
		}
		closed("asked anew", "another")
		h.do(h.DisableUser(ctx, ann.Email))
		closed("a closed account", "a third")
		h.later(30 * 24 * time.Hour)
		closed("after the last day", "a third")
		if got, err := h.Ask(ctx, aLine); err != nil || got != nil {
			t.Errorf("after the last day the line asks %+v, %v", got, err)
		}
		h.later(askKept)
		h.asksAll(sue, nil)
		var links int
		if err := h.read.QueryRow(`SELECT count(*) FROM wish_links`).Scan(&links); err != nil || links != 0 {
			t.Errorf("%d old links are kept, %v", links, err)
		}
	})
}
