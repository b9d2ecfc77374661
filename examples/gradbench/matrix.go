package main

import (
	"encoding/json"
	"fmt"
)

// matrix is a JSON list of rows of equal length, row after row in one slice.
type matrix struct {
	rows, cols int
	data       []float64
}

func newMatrix(rows, cols int) matrix {
	return matrix{rows, cols, make([]float64, rows*cols)}
}

// UnmarshalJSON reads rows, which must have one length.
func (m *matrix) UnmarshalJSON(text []byte) error {
	var rows [][]float64
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	*m = matrix{rows: len(rows)}
	for i, r := range rows {
		if i == 0 {
			m.cols = len(r)
		}
		if len(r) != m.cols {
			return fmt.Errorf("row %d has %d numbers, row 0 has %d", i, len(r), m.cols)
		}
		m.data = append(m.data, r...)
	}
	return nil
}

// MarshalJSON writes the rows.
func (m matrix) MarshalJSON() ([]byte, error) {
	rows := make([][]float64, m.rows)
	for i := range rows {
		rows[i] = m.data[i*m.cols:][:m.cols]
	}
	return json.Marshal(rows)
}
