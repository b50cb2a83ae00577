package console

import (
	"context"

	"hopeline/hotline"
)

// Trials look at a change before it is made.
type Trials interface {
	// Try makes nothing of a change but what it would do. What could not be made is refused as the change would be, but for
	// a reason that is missing.
	Try(ctx context.Context, v hotline.Viewer, t hotline.Trial) (hotline.Preview, error)
}

// TryArgs are a change of a line's plan; one of its parts is set. Reasons need not be given.
type TryArgs struct {
	LineArgs
	Change    *ChangeArgs    `json:"change,omitempty"`
	Template  *TemplateArgs  `json:"template,omitempty"`
	Temporary *TemporaryArgs `json:"temporary,omitempty"`
	Drop      string         `json:"drop,omitempty"` // the id of a template, a temporary plan or a change to a shift
	Fill      []Filled       `json:"fill,omitempty"`
	Settings  *RotaSettings  `json:"settings,omitempty"`
}

func (a TryArgs) check() error {
	err := first(a.LineArgs.check(), maybeID("drop", a.Drop))
	if a.Change != nil {
		err = first(err, a.Change.check())
	}
	if a.Template != nil {
		err = first(err, a.Template.check())
	}
	if a.Temporary != nil {
		err = first(err, a.Temporary.check())
	}
	return err
}

func (x call) try(a TryArgs) (PreviewResult, error) {
	t := hotline.Trial{Line: a.Line, Drop: a.Drop, Fill: each(a.Fill, func(f Filled) hotline.Filled { return hotline.Filled(f) })}
	if a.Change != nil {
		c := a.Change.change()
		t.Change = &c
	}
	if a.Template != nil {
		day := a.Template.template()
		t.Template = &day
	}
	if a.Temporary != nil {
		plan := a.Temporary.plan()
		t.Temporary = &plan
	}
	if a.Settings != nil {
		s := hotline.RotaSettings(*a.Settings)
		t.Settings = &s
	}
	p, err := x.console.parts.Duty.Try(x, x.v, t)
	return previewOf(p), err
}
