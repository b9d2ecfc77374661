// Package data holds what the topics of the course learn from: two small sets
// of the UCI repository, embedded in the program (README.md names authors and
// licence), and toy sets in the plane that are drawn from a seed.
//
//	iris, err := data.Iris[float64]() // iris.X [150,4], iris.Y [150] in 3
package data

import (
	"bytes"
	_ "embed"
	"fmt"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/data"
)

// Set is labelled examples.
type Set[T rt.Float] struct {
	X       []T     // [N,D] row-major
	Y       []int32 // [N] in len(Classes)
	N, D    int
	Columns []string // [D] names of the columns of X
	Classes []string // names of the values of Y
}

//go:embed iris.csv
var iris []byte

//go:embed breast_cancer.csv
var cancer []byte

// Iris returns Fisher's 150 irises: four lengths in cm, three species.
func Iris[T rt.Float]() (*Set[T], error) {
	return read[T]("iris.csv", iris, "setosa", "versicolor", "virginica")
}

// Cancer returns the 569 tumours of the Wisconsin diagnostic set: 30 measures
// of cell nuclei, of very different scales, and what the tumour was.
func Cancer[T rt.Float]() (*Set[T], error) {
	return read[T]("breast_cancer.csv", cancer, "malignant", "benign")
}

// read parses a table whose last column is the class.
func read[T rt.Float](name string, text []byte, classes ...string) (*Set[T], error) {
	t, err := data.ReadCSV[T](bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &Set[T]{N: t.Rows, D: t.Cols - 1, Columns: t.Names[:t.Cols-1], Classes: classes}
	for n := range t.Rows {
		row := t.Data[n*t.Cols:][:t.Cols]
		s.X = append(s.X, row[:s.D]...)
		s.Y = append(s.Y, int32(row[s.D]))
	}
	return s, nil
}

// Select returns the columns of x [rows,cols] that are numbered, in that order.
func Select[T any](x []T, cols int, columns ...int) []T {
	out := make([]T, 0, len(x)/cols*len(columns))
	for ; len(x) > 0; x = x[cols:] {
		for _, c := range columns {
			out = append(out, x[c])
		}
	}
	return out
}

// Signs returns the labels -1 and +1: +1 where y is the class positive.
func Signs[T rt.Float](y []int32, positive int32) []T {
	out := make([]T, len(y))
	for n := range y {
		out[n] = -1
		if y[n] == positive {
			out[n] = 1
		}
	}
	return out
}
