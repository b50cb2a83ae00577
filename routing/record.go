package routing

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"hopeline/hotline"
)

// allLines is the line of those who are on duty on every one.
const allLines hotline.LineID = "*"

// lineCode is a line as Redis may know it: no number, and nothing that a stranger wrote. Every line keeps itself.
func lineCode(l hotline.LineID) hotline.LineID {
	if l == allLines {
		return l
	}
	h := fnv.New64a()
	h.Write([]byte(l))
	return hotline.LineID(fmt.Sprintf("%016x", h.Sum64()))
}

// contactRecord is all that match.lua reads of a contact: flag (it waits, it waits and is watched, it rests), kind (a
// text, a text that rings no phone, a call), line, how many are being asked, language, whom she asks for, up to which
// tier these two are musts, preferred, tried, barred behind a "!". An id holds no white space.
func contactRecord(w hotline.Waiting) string {
	words := append(make([]string, 0, fixed+len(w.Tried)+len(w.Barred)), "w", "t", string(lineCode(w.Line)), strconv.Itoa(besideRecord(w)),
		orDash(code(w.Language)), genderCode(w.AsksFor), fmt.Sprintf("%d.%d", w.Musts.Language, w.Musts.Gender), orDash(string(w.Preferred)))
	switch {
	case w.Rests:
		words[0] = "r"
	case watched(w):
		words[0] = "n"
	}
	switch {
	case w.Channel == hotline.Voice:
		words[1] = "c"
	case w.Quiet:
		words[1] = "q"
	}
	for _, u := range w.Tried {
		words = append(words, string(u))
	}
	for _, u := range w.Barred {
		words = append(words, "!"+string(u))
	}
	return strings.Join(words, " ")
}

// fixed is how many words a contact's record has before the users in it.
const fixed = 8

// genders are those that choose, as Redis knows them.
var genders = map[hotline.Gender]string{hotline.Woman: "w", hotline.Man: "m"}

func genderCode(g hotline.Gender) string { return orDash(genders[g]) }

func genderOf(code string) hotline.Gender {
	for g, c := range genders {
		if c == code {
			return g
		}
	}
	return ""
}

// lastMark is added to how many are being asked when the contact climbed the whole ladder.
const lastMark = 100

func besideRecord(w hotline.Waiting) int {
	if w.Last {
		return beside(w) + lastMark
	}
	return beside(w)
}

// contactIn reads as much of a record as laps need, and whether anybody fits. Its line is a code.
func contactIn(id hotline.ContactID, record string) hotline.Waiting {
	words := strings.Fields(record)
	if len(words) < fixed {
		return hotline.Waiting{ID: id}
	}
	w := hotline.Waiting{ID: id, Line: hotline.LineID(words[2]), Rests: words[0] == "r", Told: words[0] != "n", Quiet: words[1] == "q",
		Language: strings.Trim(words[4], "-"), AsksFor: genderOf(words[5])}
	fmt.Sscanf(words[6], "%d.%d", &w.Musts.Language, &w.Musts.Gender)
	if words[1] == "c" {
		w.Channel = hotline.Voice
	}
	w.Beside, _ = strconv.Atoi(words[3])
	w.Last, w.Beside = w.Beside >= lastMark, w.Beside%lastMark
	for _, u := range words[fixed:] {
		if barred, is := strings.CutPrefix(u, "!"); is {
			w.Barred = append(w.Barred, hotline.UserID(barred))
			continue
		}
		w.Tried = append(w.Tried, hotline.UserID(u))
	}
	return w
}

// userRecord is all that the scripts read of a user; person.lua says how. It is empty for whoever cannot be reached. The
// rank and a tier have one width each, so that members sort by them.
func userRecord(c hotline.Candidate) string {
	byText, byCall := reaches(c)
	rows := rowsOf(c)
	if byText+byCall == "" || len(rows) == 0 {
		return ""
	}
	words := []string{strconv.Itoa(max(c.FreeTexts, 0)), strconv.Itoa(max(c.FreeCalls, 0)), "0", fmt.Sprintf("%014d", rank(c)),
		orDash(byText), orDash(byCall), genderCode(c.Gender)}
	if c.Offered {
		words[2] = "1"
	}
	return strings.Join(append(words, rows...), " ")
}

// reaches says how a user is reached for a text and for a call: by a console ("c"), by phone ("p").
func reaches(c hotline.Candidate) (byText, byCall string) {
	if c.Available {
		byText = "c"
		if c.Takes != hotline.NoCalls {
			byCall = "c"
		}
	}
	if c.Home {
		byText, byCall = byText+"p", byCall+"p"
	}
	return byText, byCall
}

// rowsOf are the rows that a user stands in: for each line and language. A line where she is off duty, though on duty on
// all others, has one of tier 0: nobody is looked for there, and it says so.
func rowsOf(c hotline.Candidate) []string {
	last := 0
	if !c.Answering() {
		last = 1
	}
	spoken := append([]string{"-"}, languages(c)...)
	var on, off []string
	for line := range c.Tiers {
		t := tier(c, line)
		if t == 0 {
			off = append(off, fmt.Sprintf("%s.-.%d.00", lineCode(line), last))
			continue
		}
		for _, language := range spoken {
			on = append(on, fmt.Sprintf("%s.%s.%d.%02d", lineCode(line), language, last, t))
		}
	}
	if len(on) == 0 {
		return nil
	}
	if tier(c, allLines) > 0 {
		on = append(on, off...)
	}
	slices.Sort(on)
	return on
}

// hers is how many words a user's record has before her rows.
const hers = 7

// userIn reads as much of a record as laps need. The lines of her tiers are codes.
func userIn(id hotline.UserID, record string) hotline.Candidate {
	words := strings.Fields(record)
	if len(words) <= hers {
		return hotline.Candidate{ID: id}
	}
	c := hotline.Candidate{ID: id, Offered: words[2] == "1", Available: strings.Contains(words[4], "c"), Takes: hotline.NoCalls,
		Home: strings.Contains(words[5], "p"), Gender: genderOf(words[6]), Tiers: make(map[hotline.LineID]int)}
	if strings.Contains(words[5], "c") {
		c.Takes = hotline.InBrowser
	}
	c.FreeTexts, _ = strconv.Atoi(words[0])
	c.FreeCalls, _ = strconv.Atoi(words[1])
	for _, row := range words[hers:] {
		if parts := strings.Split(row, "."); len(parts) == 4 {
			c.Tiers[hotline.LineID(parts[0])], _ = strconv.Atoi(parts[3])
			c.Languages = append(c.Languages, strings.Trim(parts[1], "-"))
		}
	}
	return c
}

// seat is one place of a user among those who can be asked.
type seat struct {
	kind string // "t" for a text, "c" for a call
	name string
}

// phone tells whether a user keeps it while she is not seen.
func (s seat) phone() bool { return strings.HasSuffix(s.name, "p") }

// seats are all that a user with this record has while she is seen, as person.lua makes them.
func seats(id hotline.UserID, record string) []seat {
	words := strings.Fields(record)
	if len(words) <= hers || words[2] == "1" {
		return nil
	}
	var list []seat
	for i, kind := range []string{"t", "c"} {
		reach := words[4+i]
		if words[i] == "0" || reach == "-" {
			continue
		}
		for _, row := range words[hers:] {
			list = append(list, seat{kind, strings.Join([]string{row, words[3], string(id), reach}, " ")})
		}
	}
	return list
}

// languages are a candidate's codes, each once.
func languages(c hotline.Candidate) []string {
	var codes []string
	for _, l := range c.Languages {
		if l = code(l); l != "" && !slices.Contains(codes, l) {
			codes = append(codes, l)
		}
	}
	return codes
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
