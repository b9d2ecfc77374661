package data

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Table is a CSV file of numbers, row-major [Rows, Cols].
type Table[T rt.Float] struct {
	Names      []string // the header line, nil without one
	Rows, Cols int
	Data       []T
}

// ReadCSV reads numbers separated by commas, spaces around them allowed. A first
// line in which some field is no number is taken for the header. Every line has
// as many fields as the first; a field that is no number is an error that says
// where it is.
func ReadCSV[T rt.Float](r io.Reader) (*Table[T], error) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	t := &Table[T]{}
	for {
		record, err := in.Read()
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		first := t.Cols == 0
		t.Cols = len(record)
		if err := t.row(record, in); err != nil {
			if !first {
				return nil, err
			}
			t.Data = t.Data[:0]
			t.Names = append([]string(nil), record...)
			continue
		}
		t.Rows++
	}
}

// row appends one record to Data.
func (t *Table[T]) row(record []string, in *csv.Reader) error {
	for i, field := range record {
		v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil {
			line, col := in.FieldPos(i)
			return fmt.Errorf("csv: %d:%d: %q is not a number", line, col, field)
		}
		t.Data = append(t.Data, T(v))
	}
	return nil
}

// Column returns a copy of column j.
func (t *Table[T]) Column(j int) []T {
	v := make([]T, t.Rows)
	for i := range v {
		v[i] = t.Data[i*t.Cols+j]
	}
	return v
}
