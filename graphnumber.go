package nnc

import (
	"math"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// summary is an array in a few words: its elements where they are few, else
// their least, their mean and their greatest.
func summary(t *interp.Tensor, elem ir.Elem) string {
	if t == nil {
		return ""
	}
	if len(t.Data) <= 6 {
		return nested(t.Shape, t.Data, elem)
	}
	lo, hi, sum := math.Inf(1), math.Inf(-1), 0.0
	for _, v := range t.Data {
		lo, hi, sum = min(lo, v), max(hi, v), sum+v
	}
	return brief(lo, elem) + " … " + brief(sum/float64(len(t.Data)), ir.Real) + " … " + brief(hi, elem)
}

func nested(shape []int, data []float64, elem ir.Elem) string {
	if len(shape) == 0 {
		return brief(data[0], elem)
	}
	var parts []string
	for k := range shape[0] {
		n := len(data) / shape[0]
		parts = append(parts, nested(shape[1:], data[k*n:(k+1)*n], elem))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// brief prints a number in three digits.
func brief(v float64, elem ir.Elem) string {
	if elem == ir.Bool {
		return strconv.FormatBool(v != 0)
	}
	s := strconv.FormatFloat(v, 'g', 3, 64)
	if elem == ir.Int {
		s = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if mantissa, exp, ok := strings.Cut(s, "e"); ok {
		n, _ := strconv.Atoi(exp)
		s = mantissa + "e" + strconv.Itoa(n)
	}
	return strings.ReplaceAll(s, "-", "−")
}
