package modes

import (
	"fmt"

	"gonum.org/v1/plot"
)

// powers labels an axis of exponents by the powers of two.
type powers struct{}

func (powers) Ticks(lo, hi float64) (ticks []plot.Tick) {
	for i := 0; float64(i) <= hi; i += 2 {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: fmt.Sprint(1 << i)})
	}
	return ticks
}
