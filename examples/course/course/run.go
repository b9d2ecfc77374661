package course

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Run is one run of a topic: what it is asked for, and what it has obtained.
type Run struct {
	Quick    bool                             // scaled down, for a test
	Seed     uint64                           // of all that is drawn at random
	Dir      string                           // where pictures go; made when needed
	Progress func(format string, args ...any) // shows a line that the next replaces; nil shows nothing

	Figures  []Figure
	Pictures []Picture
	Tables   []Table
}

// Figure is a number obtained.
type Figure struct {
	Key   string
	Value float64
	Unit  string // may be empty
}

// Picture is a drawing obtained.
type Picture struct{ File, Caption string }

// Table is a small table obtained, all cells as text.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
}

// Words tells that column i holds words or formulas, not numbers alone.
func (t Table) Words(i int) bool {
	for _, row := range t.Rows {
		if _, err := strconv.ParseFloat(row[i], 64); err != nil {
			return true
		}
	}
	return false
}

// Pick returns full, or in a test quick.
func (r *Run) Pick(full, quick int) int {
	if r.Quick {
		return quick
	}
	return full
}

// At tells how far the run is.
func (r *Run) At(format string, args ...any) {
	if r.Progress != nil {
		r.Progress(format, args...)
	}
}

// Log notes a figure; a key that is there already gets the new value.
func (r *Run) Log(key string, value float64, unit string) {
	for i := range r.Figures {
		if r.Figures[i].Key == key {
			r.Figures[i] = Figure{key, value, unit}
			return
		}
	}
	r.Figures = append(r.Figures, Figure{key, value, unit})
}

// Figure returns the figure noted under key, NaN if there is none.
func (r *Run) Figure(key string) float64 {
	for _, f := range r.Figures {
		if f.Key == key {
			return f.Value
		}
	}
	return math.NaN()
}

// Table notes a table for the page.
func (r *Run) Table(caption string, head []string, rows [][]string) {
	r.Tables = append(r.Tables, Table{caption, head, rows})
}

// Drawing is what Save can write.
type Drawing interface {
	write(w io.Writer, format string) error
}

// SVG is a drawing that is text already.
type SVG string

func (s SVG) write(w io.Writer, format string) error {
	if format != ".svg" {
		return fmt.Errorf("an SVG cannot be written as %s", format)
	}
	_, err := io.WriteString(w, string(s))
	return err
}

// Save writes a picture. The end of the file's name is the format: .svg, .png
// or .gif.
func (r *Run) Save(file, caption string, d Drawing) error {
	if err := os.MkdirAll(r.Dir, 0o777); err != nil {
		return err
	}
	var b strings.Builder
	if err := d.write(&b, filepath.Ext(file)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r.Pictures = append(r.Pictures, Picture{file, caption})
	return os.WriteFile(filepath.Join(r.Dir, file), []byte(b.String()), 0o666)
}

// String is the figure as it is shown: four digits, and all of an integer.
func (f Figure) String() string { return f.Key + " " + f.Text() }

// Text is the value and the unit.
func (f Figure) Text() string { return strings.TrimSpace(Number(f.Value) + " " + f.Unit) }
