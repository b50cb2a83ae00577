package console

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

const typesFile = "app/src/protocol.ts"

// TestTypes holds the page's types to the ones that are sent. With -update it writes them.
func TestTypes(t *testing.T) {
	want := newScribe(t).write()
	got, err := os.ReadFile(typesFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(typesFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if line, g, w := firstDifference(string(got), want); line > 0 {
		t.Errorf("%s:%d is not what the Go types say; run go test -run TestTypes -update\n got %s\nwant %s", typesFile, line, g, w)
	}
}

// events are one of each kind, in the order of the page's types.
var events = []said{
	Hello{}, Offer{}, OfferEnded{}, ContactChanged{}, MessageAdded{}, MessageChanged{}, MessageStatus{}, NoteAdded{}, TriageChanged{},
	Queue{}, PresenceChanged{}, SystemChanged{}, Alarm{}, DutyChanged{}, SwapChanged{}, HandoverAdded{}, PageTested{},
}

// choices are the types that are one of a few words.
var choices = map[reflect.Type]choice{
	reflect.TypeFor[hotline.Channel]():        {"Channel", []string{"voice", "sms", "whatsapp", "other"}},
	reflect.TypeFor[State]():                  {"State", []string{"waiting", "offered", "live", "closed"}},
	reflect.TypeFor[hotline.Work]():           {"Work", []string{"contact", "missed", "voicemail", "callback"}},
	reflect.TypeFor[hotline.Presence]():       {"Presence", []string{"available", "away"}},
	reflect.TypeFor[hotline.Ringing]():        {"Voice", []string{"browser", "phone", "none"}},
	reflect.TypeFor[hotline.Role]():           {"Role", []string{"counsellor", "supervisor", "admin", "interpreter"}},
	reflect.TypeFor[hotline.InterpretState](): {"InterpretState", []string{"ringing", "here", "nobody", "left"}},
	reflect.TypeFor[hotline.Delivery]():       {"Delivery", []string{"queued", "sent", "delivered", "read", "failed"}},
	reflect.TypeFor[hotline.EndReason]():      {"EndReason", []string{"accepted", "declined", "expired", "withdrawn"}},
	reflect.TypeFor[hotline.Direction]():      {"Direction", []string{"in", "out"}},
	reflect.TypeFor[hotline.Part]():           {"Part", []string{"caller", "counsellor", "guest", "listener", "coach"}},
	reflect.TypeFor[hotline.SeatState]():      {"SeatState", []string{"planned", "confirmed", "here"}},
	reflect.TypeFor[hotline.SwapState]():      {"SwapState", []string{"open", "taken", "approved", "refused", "withdrawn", "past"}},
	reflect.TypeFor[hotline.Gender]():         {"Gender", []string{"", "woman", "man", "anybody"}},
	reflect.TypeFor[Reach]():                  {"Reach", []string{"page", "phone", "none"}},
	reflect.TypeFor[Sound]():                  {"Sound", []string{"on", "blocked", "off", "unknown"}},
	reflect.TypeFor[hotline.PushState]():      {"PushState", []string{"none", "works", "fails"}},
	reflect.TypeFor[hotline.TestResult]():     {"TestResult", []string{"waits", "rings", "answered", "no_key", "no_answer", "busy", "failed", "gave_way", "needless"}},
	reflect.TypeFor[hotline.LegState]():       {"LegState", []string{"new", "dialled", "ringing", "up", "over"}},
}

type choice struct {
	name  string
	words []string
}

// objects are written as interfaces with a name; arguments and small results stand where they are used.
var objects = []reflect.Type{
	reflect.TypeFor[User](), reflect.TypeFor[Contact](), reflect.TypeFor[Media](), reflect.TypeFor[Failure](),
	reflect.TypeFor[Message](), reflect.TypeFor[Note](), reflect.TypeFor[Triage](), reflect.TypeFor[Offer](),
	reflect.TypeFor[Queue](), reflect.TypeFor[Alarm](), reflect.TypeFor[Hello](), reflect.TypeFor[Opened](), reflect.TypeFor[OnDuty](), reflect.TypeFor[Standby](),
	reflect.TypeFor[Slot](), reflect.TypeFor[Rota](), reflect.TypeFor[Finding](), reflect.TypeFor[Call](), reflect.TypeFor[Interpreter](), reflect.TypeFor[Leg](),
	reflect.TypeFor[Credentials](), reflect.TypeFor[Shift](), reflect.TypeFor[Seat](), reflect.TypeFor[Swap](), reflect.TypeFor[Handover](),
	reflect.TypeFor[Wish](), reflect.TypeFor[Diff](), reflect.TypeFor[Past](), reflect.TypeFor[Template](), reflect.TypeFor[Temporary](),
	reflect.TypeFor[Share](), reflect.TypeFor[Standing](), reflect.TypeFor[AtHome](), reflect.TypeFor[PlanResult](), reflect.TypeFor[MineResult](),
	reflect.TypeFor[FillResult](), reflect.TypeFor[WallResult](), reflect.TypeFor[RotaSettings](),
	reflect.TypeFor[Followed](), reflect.TypeFor[Ask](), reflect.TypeFor[AskedPerson](), reflect.TypeFor[AskedDay](), reflect.TypeFor[AskedDays](),
	reflect.TypeFor[PageTest](),
}

// scribe writes TypeScript. Notes are the comments of the Go source, by type, and by type and field.
type scribe struct {
	strings.Builder
	notes map[string]string
}

func newScribe(t *testing.T) *scribe {
	s := &scribe{notes: map[string]string{}}
	for _, file := range []string{"objects.go", "events.go", "desk.go", "rota.go", "calls.go", "voice.go", "duty.go", "swap.go", "handover.go", "planning.go",
		"wish.go", "wallboard.go", "absence.go", "ask.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && len(d.Specs) == 1 {
				if spec, ok := d.Specs[0].(*ast.TypeSpec); ok {
					s.note(spec, d.Doc)
				}
			}
			return true
		})
	}
	return s
}

func (s *scribe) note(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	sentence, _, _ := strings.Cut(strings.Join(strings.Fields(doc.Text()), " "), ". ")
	s.notes[spec.Name.Name] = strings.TrimSuffix(strings.TrimPrefix(sentence, spec.Name.Name+" is "), ".") + "."
	object, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range object.Fields.List {
		for _, name := range f.Names {
			s.notes[spec.Name.Name+"."+name.Name] = strings.TrimSpace(f.Comment.Text())
		}
	}
}

func (s *scribe) line(format string, args ...any) { fmt.Fprintf(s, format+"\n", args...) }

// comment writes a comment above what it is about.
func (s *scribe) comment(indent, words string) {
	if words == "" {
		return
	}
	s.line("%s/** %s */", indent, strings.ToUpper(words[:1])+words[1:])
}

func (s *scribe) write() string {
	s.line("// The types of %s, made from the Go types of package console by its test: do not edit.", protocol)
	s.line("// Times are RFC 3339 UTC; ids are opaque.\n")
	all := slices.SortedFunc(maps.Values(choices), func(a, b choice) int { return cmp.Compare(a.name, b.name) })
	for _, c := range all {
		s.line("export type %s = '%s';", c.name, strings.Join(c.words, "' | '"))
	}
	for _, o := range objects {
		s.object(o)
	}
	s.line("\n/** What the server says on its own, by the name of the event. */\nexport interface Events {")
	for _, e := range events {
		s.line("  '%s': %s;", e.event(), s.name(reflect.TypeOf(e)))
	}
	s.line("}\n\n/** What the page asks for: arguments and result, by the name of the command. */\nexport interface Commands {")
	for _, do := range slices.Sorted(maps.Keys(commands)) {
		if c := commands[do]; c.args != nil {
			s.line("  '%s': { args: %s; result: %s };", do, s.name(c.args), s.name(c.result))
		}
	}
	s.WriteString(tail)
	return s.String()
}

// tail is about the frames themselves, which are generic.
const tail = `}

export type Empty = Record<string, never>;

/** Any one event, told apart by its name. */
export type Event = { [K in keyof Events]: { event: K; seq: number; data: Events[K] } }[keyof Events];

/** The server's answer to one command. */
export interface Reply {
  re: string;
  ok?: boolean;
  result?: unknown;
  error?: { code: string; message: string; retry?: string };
}
`

func (s *scribe) object(o reflect.Type) {
	s.line("")
	s.comment("", s.notes[o.Name()])
	s.line("export interface %s {", o.Name())
	for _, f := range fields(o) {
		s.comment("  ", s.notes[o.Name()+"."+f.Name])
		s.line("  %s;", s.field(f))
	}
	s.line("}")
}

// fields are an object's fields, with those of what is embedded in it in its place.
func fields(o reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(o), func(f reflect.StructField) bool { return f.Anonymous })
}

func (s *scribe) field(f reflect.StructField) string {
	name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
	kind, optional := f.Type, option == "omitempty"
	if optional {
		name += "?"
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
	}
	if fixed := f.Tag.Get("ts"); fixed != "" {
		return name + ": " + fixed
	}
	return name + ": " + s.name(kind)
}

// name is how a type is called where it is used.
func (s *scribe) name(t reflect.Type) string {
	if c, ok := choices[t]; ok {
		return c.name
	}
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[Stamp]():
		return "string"
	case t == reflect.TypeFor[Empty](), slices.Contains(objects, t):
		return t.Name()
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Pointer:
		return s.name(t.Elem()) + " | null"
	case reflect.Slice:
		return s.name(t.Elem()) + "[]"
	case reflect.Struct:
		parts := make([]string, 0, t.NumField())
		for _, f := range fields(t) {
			parts = append(parts, s.field(f))
		}
		return "{ " + strings.Join(parts, "; ") + " }"
	}
	panic("no TypeScript for " + t.String())
}
