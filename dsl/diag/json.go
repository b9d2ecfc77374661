package diag

import (
	"encoding/json"
	"strings"
)

type jsonSpan struct {
	File      string `json:"file"`
	Offset    int    `json:"offset"`
	Line      int    `json:"line"`
	Col       int    `json:"col"`
	EndOffset int    `json:"endOffset"`
	EndLine   int    `json:"endLine"`
	EndCol    int    `json:"endCol"`
}

type jsonDiagnostic struct {
	Code     string     `json:"code"`
	Severity string     `json:"severity"` // "error" or "warning"
	Message  string     `json:"message"`
	Spans    []jsonSpan `json:"spans"`
	Notes    []string   `json:"notes,omitempty"`
	Hint     string     `json:"hint,omitempty"`
}

// MarshalJSON is d for editors: code, severity, message, spans (the first is
// the place; lines and columns from 1, columns in runes, offsets in bytes),
// notes, hint.
func (d *Diagnostic) MarshalJSON() ([]byte, error) { return json.Marshal(d.json()) }

func (d *Diagnostic) json() jsonDiagnostic {
	j := jsonDiagnostic{Code: d.Code, Severity: "error", Message: d.Msg, Spans: []jsonSpan{}, Notes: d.Notes, Hint: d.Hint}
	if d.Warning {
		j.Severity = "warning"
	}
	for _, s := range d.Spans {
		p, e := s.Pos, s.End
		j.Spans = append(j.Spans, jsonSpan{p.File, p.Offset, p.Line, p.Col, e.Offset, e.Line, e.Col})
	}
	return j
}

// JSON is one object per line.
func (l List) JSON() string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, d := range l {
		if err := enc.Encode(d.json()); err != nil {
			panic("nnc bug: a diagnostic is always JSON: " + err.Error())
		}
	}
	return b.String()
}
