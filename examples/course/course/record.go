package course

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// Record is what a run has obtained, as it is kept beside its pictures, so that
// a page of all topics can be made after running one.
type Record struct {
	Figures  []Kept
	Pictures []Picture
	Tables   []Table `json:",omitempty"`
}

// Kept is a figure in a record, of the digits that are shown: more would differ
// between machines.
type Kept struct{ Key, Value, Unit string }

const recordFile = "record.json"

// Keep writes the record of r to its Dir and returns it.
func (r *Run) Keep() (*Record, error) {
	rec := &Record{Pictures: r.Pictures, Tables: r.Tables}
	for _, f := range r.Figures {
		value := Number(f.Value)
		if f.Value != 0 && math.Abs(f.Value) < 1e-12 {
			value = "below 1e-12" // rounding, which differs between machines
		}
		rec.Figures = append(rec.Figures, Kept{f.Key, value, f.Unit})
	}
	text, err := json.MarshalIndent(rec, "", "\t")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.Dir, 0o777); err != nil {
		return nil, err
	}
	return rec, os.WriteFile(filepath.Join(r.Dir, recordFile), append(text, '\n'), 0o666)
}

// ReadRecord reads the record kept in dir.
func ReadRecord(dir string) (*Record, error) {
	text, err := os.ReadFile(filepath.Join(dir, recordFile))
	if err != nil {
		return nil, err
	}
	rec := &Record{}
	return rec, json.Unmarshal(text, rec)
}

// Number writes v with four digits, integers below a million with all of them.
func Number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e6 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if a := math.Abs(v); a >= 1e-3 && a < 1e6 {
		digits := max(0, 3-int(math.Floor(math.Log10(a))))
		return strconv.FormatFloat(v, 'f', digits, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
