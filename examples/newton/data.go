package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
)

//go:embed breast_cancer.csv
var table string

// load returns the measurements of the tumours, n rows of d, each column with
// mean 0 and deviation 1, and their labels: +1 malignant, -1 benign.
func load() (x, y []float64, d int, err error) {
	rows, err := csv.NewReader(strings.NewReader(noHeader(table))).ReadAll()
	if err != nil {
		return nil, nil, 0, err
	}
	d = len(rows[0]) - 1
	for i, row := range rows {
		for _, cell := range row {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				return nil, nil, 0, fmt.Errorf("breast_cancer.csv:%d: %w", i+2, err)
			}
			x = append(x, v)
		}
		label := x[len(x)-1] // 0 is malignant in the table
		x, y = x[:len(x)-1], append(y, 1-2*label)
	}
	standardise(x, d)
	return x, y, d, nil
}

// noHeader drops the first line, which counts rows and columns and names labels.
func noHeader(text string) string {
	_, rest, _ := strings.Cut(text, "\n")
	return rest
}

// standardise gives each column of x, rows of d, mean 0 and deviation 1.
func standardise(x []float64, d int) {
	n := float64(len(x) / d)
	for j := range d {
		var sum, squares float64
		for i := j; i < len(x); i += d {
			sum += x[i]
		}
		for i := j; i < len(x); i += d {
			x[i] -= sum / n
			squares += x[i] * x[i]
		}
		for i := j; i < len(x); i += d {
			x[i] /= math.Sqrt(squares / n)
		}
	}
}
