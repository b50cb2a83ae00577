package app

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chiefs opens the week of a planned house as a supervisor.
func chiefs(t *testing.T) (*house, *screen) {
	t.Helper()
	h := planned(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL+"/#week")
	s.sees("Week 43")
	s.until("document.querySelectorAll('.piece').length > 20")
	return h, s
}

// piece is an expression for the first piece of a slot's block.
func piece(cell string) string {
	return fmt.Sprintf("document.querySelector('.piece[data-cell=%q][data-begins=yes]')", cell)
}

// drag takes an element by a point and lets it go elsewhere; pixels from its left or, below nought, from its right edge.
func (s *screen) drag(element string, grip float64, dx, dy float64) {
	s.Helper()
	s.until(element)
	s.settle()
	at := eval[[]float64](s, "(b => [b.left, b.right, b.top + b.height / 2])("+element+".getBoundingClientRect())")
	x, y := at[0]+grip, at[2]
	if grip < 0 {
		x = at[1] + grip
	}
	s.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, chromedp.ButtonLeft))
	for i := range 4 {
		part := float64(i+1) / 4
		s.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x+dx*part, y+dy*part, chromedp.ButtonLeft))
	}
	s.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x+dx, y+dy, chromedp.ButtonLeft))
}

// hour is how wide one is in the grid; lanes is how far it is from one day's first lane to the next day's.
func (s *screen) hour() float64 {
	return eval[float64](s, "document.querySelector('.lane').getBoundingClientRect().width / (document.querySelector('.odd') ? 25 : 24)")
}

func (s *screen) row() float64 {
	return eval[float64](s, "(l => l[2].getBoundingClientRect().top - l[0].getBoundingClientRect().top)([...document.querySelectorAll('.lane')])")
}

// published publishes what was changed, and gives the slots that were saved.
func published(t *testing.T, h *house, s *screen) (slots []obj, saved obj) {
	t.Helper()
	s.press("Publish…")
	s.settle()
	s.write("why", "as agreed")
	s.submit()
	saved = h.await(t, "rota.save", 1)[0]
	doc, _ := json.Marshal(saved["rota"].(obj)["slots"]) // it came as JSON
	if err := json.Unmarshal(doc, &slots); err != nil {
		t.Fatal(err)
	}
	s.sees("Published as version 4.")
	return slots, saved
}

// TestHandAndKeys: a shift that is moved and one that is made longer, by mouse, by keys and by the dialog, are the same.
func TestHandAndKeys(t *testing.T) {
	const move, long = "s2-0800-2", "s3-0800-1"
	ways := map[string]func(s *screen){
		"mouse": func(s *screen) {
			s.drag(piece(move), 60, 1.5*s.hour(), s.row())
			s.sees("1 change is not published")
			s.drag(piece(long), -4, s.hour(), 0)
			s.sees("2 changes are not published")
		},
		"keys": func(s *screen) {
			eval[bool](s, "("+piece(move)+".focus(), true)")
			for _, key := range []string{kb.ArrowDown, kb.ArrowRight, kb.ArrowRight, kb.ArrowRight} {
				s.key(key, chromedp.KeyModifiers(chromedp.ModifierShift))
				s.settle()
				s.until("document.activeElement.dataset.cell === '" + move + "'")
			}
			eval[bool](s, "("+piece(long)+".focus(), true)")
			for range 2 {
				s.key(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift|chromedp.ModifierCtrl))
				s.settle()
			}
		},
		"dialog": func(s *screen) {
			s.fill(move, "day", "3")
			s.fill(move, "start", "09:30")
			s.fill(move, "end", "09:30")
			s.fill(long, "end", "21:00")
		},
	}
	got := map[string][]obj{}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			h, s := chiefs(t)
			way(s)
			slots, saved := published(t, h, s)
			if saved["base"] != 3.0 {
				t.Errorf("rota.save has the base %v, want 3", saved["base"])
			}
			got[name] = slots
		})
	}
	want := obj{"id": move, "week": 0.0, "day": 3.0, "start": "09:30", "end": "09:30", "tier": 2.0, "users": []any{"dina@example.org"}}
	for name, slots := range got {
		if len(slots) != 21 || !reflect.DeepEqual(slots[5], want) || slots[6]["end"] != "21:00" || slots[6]["start"] != "08:00" {
			t.Errorf("by %s: %d slots, %v and %v; want it moved as %v, and the other until 21:00", name, len(slots), slots[5], slots[6], want)
		}
		if !reflect.DeepEqual(slots, got["keys"]) {
			t.Errorf("by %s and by keys differ", name)
		}
	}
}

// fill sets one field of a slot by its dialog.
func (s *screen) fill(cell, field, value string) {
	s.Helper()
	eval[bool](s, "("+piece(cell)+".click(), true)")
	s.set("slot-"+field, value)
	s.submit()
	s.until("!document.querySelector('dialog')")
}

// set gives a field a value, as choosing it would.
func (s *screen) set(id, value string) {
	s.Helper()
	field := fmt.Sprintf("document.getElementById(%q)", id)
	s.until(field)
	eval[bool](s, fmt.Sprintf("(%s.value = %q, %[1]s.dispatchEvent(new Event('input', {bubbles: true})), %[1]s.dispatchEvent(new Event('change', {bubbles: true})), true)", field, value))
	s.settle()
}

// TestAGapNeedsAReason: what an edit opens is said before it is saved, and needs a reason.
func TestAGapNeedsAReason(t *testing.T) {
	h, s := chiefs(t)
	s.sees("From now on somebody answers at every hour of this week.")
	eval[bool](s, "("+piece("s7-2000-1")+".focus(), true)")
	s.key(kb.Delete)
	s.sees("1 time in this week nobody answers:")
	s.sees("Sun 25 Oct 20:00–00:00")
	s.until("document.querySelector('.dayrow:last-child .hole')")
	s.sees("Opens: Sun 25 Oct 20:00–08:00")
	s.sees("Opens: Sun 1 Nov 20:00–08:00")
	s.sees("Bo has 24 h less")
	s.press("Publish…")
	s.until("document.querySelector('dialog .main').disabled")
	s.settle()
	s.write("why", "the line is closed on Sundays")
	s.submit()
	if saved := h.await(t, "rota.save", 1)[0]; saved["reason"] != "the line is closed on Sundays" || len(saved["rota"].(obj)["slots"].([]any)) != 20 {
		t.Errorf("rota.save = %v slots, reason %v; want 20 and the reason", len(saved["rota"].(obj)["slots"].([]any)), saved["reason"])
	}
	s.sees("Published as version 4.")
	s.gone("is not published")
}

func TestDrafts(t *testing.T) {
	h, s := chiefs(t)
	eval[bool](s, "("+piece("s1-0800-1")+".focus(), true)")
	s.key(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift))
	s.press("Keep as a draft")
	h.await(t, "rota.draft.set", 1)
	s.do(chromedp.Reload())
	s.sees("There is a draft by Anna")
	s.press("Open the draft")
	s.sees("1 change is not published")
	s.press("Undo")
	s.sees("Nothing changed")

	h.mu.Lock()
	h.refuse["rota.save"] = obj{"code": "conflict", "message": "Dina saved version 4 meanwhile; nothing was changed.", "retry": ""}
	h.mu.Unlock()
	eval[bool](s, "("+piece("s1-0800-1")+".focus(), true)")
	s.key(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift))
	s.press("Publish…")
	s.settle()
	s.write("why", "as agreed")
	s.submit()
	s.sees("Dina saved version 4 meanwhile")
	s.key(kb.Escape)
	s.sees("1 change is not published")

	h.mu.Lock()
	h.version++ // a swap: the grid is the same
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	h.await(t, "rota.get", 3)
	h.mu.Lock()
	h.version, h.grid["slots"] = h.version+1, h.grid["slots"].([]obj)[:20]
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.sees("Somebody else published meanwhile.")
	s.press("Load the new plan")
	s.sees("Nothing changed")
	s.until("document.querySelectorAll('.piece[data-begins=yes]').length === 20")
}

// TestOneShiftOnly: an absence changes one shift, and the plan stays.
func TestOneShiftOnly(t *testing.T) {
	h, s := chiefs(t)
	eval[bool](s, "("+piece("s6-2000-1")+".click(), true)")
	s.press("Only Saturday 24 October")
	eval[bool](s, "(document.querySelector('dialog input[value=cover]').click(), true)")
	s.set("once-who", "bo")
	s.set("once-by", "dina")
	s.write("once-why", "ill")
	s.press("Change this one")
	want := obj{"do": "cover", "shift": "*/s6-2000-1/2026-10-24/0", "user": "bo", "by": "dina", "reason": "ill"}
	if got := h.await(t, "shift.change", 1)[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("shift.change = %v, want %v", got, want)
	}
	if len(h.heard("rota.save")) > 0 {
		t.Error("a single shift's change saved the grid")
	}
}

// TestAShiftThatIsOver cannot be changed by itself, and says so.
func TestAShiftThatIsOver(t *testing.T) {
	_, s := chiefs(t)
	eval[bool](s, "("+piece("s1-0800-1")+".click(), true)")
	s.sees("It is over, and stays as it was.")
	if eval[bool](s, "document.querySelector('dialog .once, dialog .modes') !== null") {
		t.Error("it can be changed all the same")
	}
}

// TestTheLongDay: on the day on which the clock goes back an hour comes twice, and is drawn.
func TestTheLongDay(t *testing.T) {
	_, s := chiefs(t)
	s.sees("25 hours: the clock goes back")
	if got := eval[string](s, "document.querySelector('.scale.own').innerText.replace(/\\s+/g, ' ').slice(0, 14)"); got != "00 01 02 02 03" {
		t.Errorf("the hours of the long day begin with %q, want 02 twice", got)
	}
	width := func(cell string) float64 {
		return eval[float64](s, piece(cell)+".getBoundingClientRect().width") / s.hour()
	}
	if day, night := width("s7-0800-1"), width("s6-0800-1"); day < 11.9 || day > 12.1 || night < 11.9 || night > 12.1 {
		t.Errorf("a shift of twelve hours is drawn as %.1f on the long day and %.1f on another", day, night)
	}
	// Bo's night over the change has 13 hours: four of Saturday, and nine of the long day.
	rest := eval[float64](s, "document.querySelector('.piece[data-cell=\"s6-2000-1\"][data-begins=no]').getBoundingClientRect().width") / s.hour()
	if rest < 8.9 || rest > 9.1 {
		t.Errorf("the night over the change goes on for %.1f hours, want 9", rest)
	}
}

// TestTheShortDay: on the day on which the clock goes forward an hour is left out, and what stands around it meets.
func TestTheShortDay(t *testing.T) {
	h := planned(t)
	h.duties.at = time.Date(2026, 3, 27, 6, 45, 0, 0, time.UTC)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL+"/#week")
	s.sees("Week 13")
	s.sees("23 hours: the clock goes forward")
	if got := eval[string](s, "document.querySelector('.scale.own').innerText.replace(/\\s+/g, ' ').slice(0, 14)"); got != "00 01 03 04 05" {
		t.Errorf("the hours of the short day begin with %q, want no 02", got)
	}
	hours := func(cell, begins, edge string) float64 {
		element := fmt.Sprintf("document.querySelector('.piece[data-cell=%q][data-begins=%s]')", cell, begins)
		lane := "document.querySelector('.odd .lane').getBoundingClientRect()"
		return eval[float64](s, fmt.Sprintf("(b => (%s - %s.left) / (%[2]s.width / 24))(%s.getBoundingClientRect())", edge, lane, element))
	}
	// Bo's night over the change goes on for seven hours, Anna's day begins there and has twelve.
	for _, test := range []struct {
		cell, begins, edge string
		want               float64
	}{{"s6-2000-1", "no", "b.right", 7}, {"s7-0800-1", "yes", "b.left", 7}, {"s7-0800-1", "yes", "b.right", 19}, {"s7-2000-1", "yes", "b.left", 19}} {
		if got := hours(test.cell, test.begins, test.edge); got < test.want-0.1 || got > test.want+0.1 {
			t.Errorf("the %s of %s stands at %.1f hours, want %.0f", test.edge, test.cell, got, test.want)
		}
	}
}

// TestDrawn: a shift that is drawn into an empty place opens the dialog with its hours.
func TestDrawn(t *testing.T) {
	h, s := chiefs(t)
	eval[bool](s, "("+piece("s2-0800-1")+".focus(), true)")
	s.key(kb.Delete)
	s.until("!" + piece("s2-0800-1"))
	lane := "document.querySelectorAll('.dayrow')[1].querySelector('.lane')"
	s.drag(lane, 9*s.hour(), 4*s.hour(), 0)
	s.sees("New shift")
	s.until("document.getElementById('slot-start').value === '09:00' && document.getElementById('slot-end').value === '13:00'")
	eval[bool](s, "([...document.querySelectorAll('dialog .crew input')].find(i => i.value === 'dina@example.org').click(), true)")
	s.submit()
	s.press("Publish…")
	s.settle()
	s.write("why", "as agreed")
	s.submit()
	slots := h.await(t, "rota.save", 1)[0]["rota"].(obj)["slots"].([]any)
	want := obj{"week": 0.0, "day": 2.0, "start": "09:00", "end": "13:00", "tier": 1.0, "users": []any{"dina@example.org"}}
	if got := slots[len(slots)-1]; !reflect.DeepEqual(got, want) {
		t.Errorf("the new slot = %v, want %v", got, want)
	}
}

// TestTheWeekOnAPhone: a list of days, and the same dialog.
func TestTheWeekOnAPhone(t *testing.T) {
	h, s := chiefs(t)
	s.size(360, 740)
	s.until("document.querySelectorAll('.daylist section').length === 7 && !document.querySelector('.grid')")
	s.until("document.documentElement.scrollWidth <= 360")
	eval[bool](s, "(document.querySelector('.daylist .dayshift').click(), true)")
	s.set("slot-start", "07:30")
	s.submit()
	slots, _ := published(t, h, s)
	if slots[0]["start"] != "07:30" {
		t.Errorf("the first slot = %v, want it to begin at 07:30", slots[0])
	}
}
