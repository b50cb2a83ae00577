package simulator

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// spec is what is read of the carrier's OpenAPI document.
type spec struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Schemas map[string]struct{ Properties map[string]property }
	}
}

type property struct {
	Type     string
	Nullable bool
	Ref      string `json:"$ref"` // to words
}

// readSpec reads the document, where it is at hand.
func readSpec(t *testing.T) (s spec) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "carrier", "twilio_api_v2010.json"))
	if err != nil {
		t.Skip("the carrier's OpenAPI document is not beside the project")
	}
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFieldsAreTheCarriers(t *testing.T) {
	t.Parallel()
	s := readSpec(t)
	for path, want := range map[string][]string{
		"Calls.json": callFields, "Calls/{Sid}.json": callChanges, "Conferences/{ConferenceSid}/Participants.json": memberFields,
		"Conferences/{ConferenceSid}/Participants/{CallSid}.json": memberChanges,
	} {
		var post struct {
			RequestBody struct {
				Content map[string]struct {
					Schema struct{ Properties map[string]any }
				}
			}
		}
		if err := json.Unmarshal(s.Paths["/2010-04-01/Accounts/{AccountSid}/"+path]["post"], &post); err != nil {
			t.Fatal(err)
		}
		var got []string
		for name := range post.RequestBody.Content["application/x-www-form-urlencoded"].Schema.Properties {
			got = append(got, strings.TrimSuffix(name, "[]"))
		}
		want = slices.Sorted(slices.Values(want))
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("fields of %s = %v, want %v", path, want, got)
		}
	}
}

// problems says what is wrong with an answer by its schema.
func (s spec) problems(schema string, answer map[string]any) (all []string) {
	properties := s.Components.Schemas["api.v2010.account."+schema].Properties
	for name, p := range properties {
		v, there := answer[name]
		switch v.(type) {
		case nil:
			if !there || !p.Nullable && p.Ref == "" {
				all = append(all, name+" is missing")
			}
		case string:
			if p.Type != "string" && p.Ref == "" {
				all = append(all, name+" is text")
			}
		case bool:
			if p.Type != "boolean" {
				all = append(all, name+" is yes or no")
			}
		case float64:
			if p.Type != "integer" && p.Type != "number" {
				all = append(all, name+" is a number")
			}
		case map[string]any:
			if p.Type != "object" {
				all = append(all, name+" is an object")
			}
		}
	}
	for name := range answer {
		if _, known := properties[name]; !known && name != "subresource_uris" {
			all = append(all, name+" is not the carrier's")
		}
	}
	return all
}

func TestAnswersAreTheCarriers(t *testing.T) {
	t.Parallel()
	s := readSpec(t)
	d, caller, leg, room := talk(t, "/voicemail", `<Record action="/kept"/>`, "/kept", `<Enqueue>q1</Enqueue>`)
	check := func(schema string, answer map[string]any) {
		t.Helper()
		if problems := s.problems(schema, answer); len(problems) > 0 {
			t.Errorf("%s: %v", schema, problems)
		}
	}
	check("call", d.get(200, "/Calls/"+caller.SID()+".json"))
	check("conference", d.get(200, "/Conferences/"+room+".json"))
	check("conference.participant", d.get(200, "/Conferences/"+room+"/Participants/"+leg.SID()+".json"))
	d.Phone(helper).Answers(time.Second)
	check("conference.participant", d.post(201, "/Conferences/"+room+"/Participants.json", "To", helper, "From", line, "Label", "h"))
	check("call", d.post(200, "/Calls/"+leg.SID()+".json", "Url", "BASE/voicemail"))
	d.until(leg.Asked)
	leg.Press("1")
	d.ok(leg.InQueue(soon(t)))
	check("recording", d.get(200, "/Recordings/"+d.Recordings()[0]+".json"))
	queue := d.get(200, "/Queues.json")["queues"].([]any)[0].(map[string]any)
	check("queue", queue)
	check("queue.member", d.get(200, "/Queues/"+queue["sid"].(string)+"/Members/Front.json"))
	check("call", d.post(200, "/Calls/"+leg.SID()+".json", "Status", "completed"))
	caller.HangUp()
	d.until(func() bool { return len(d.OpenLegs()) == 0 })
	d.noFaults()
}
