package course

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// LogX makes the horizontal axis logarithmic.
func (c *Chart) LogX() *Chart { logarithmic(&c.Plot.X); return c }

// LogY makes the vertical axis logarithmic.
func (c *Chart) LogY() *Chart { logarithmic(&c.Plot.Y); return c }

func logarithmic(a *plot.Axis) { a.Scale, a.Tick.Marker = plot.LogScale{}, decades{} }

func isLog(a plot.Axis) bool { _, ok := a.Scale.(plot.LogScale); return ok }

// widen leaves a little room at both ends of an axis, but none below zero.
func widen(a *plot.Axis) {
	if isLog(*a) {
		room := math.Pow(a.Max/a.Min, 0.04)
		a.Min, a.Max = a.Min/room, a.Max*room
		return
	}
	room := 0.04 * (a.Max - a.Min)
	a.Max += room
	if a.Min != 0 {
		a.Min -= room
	}
}

// evenly marks about six multiples of 1, 2 or 5 times a power of ten.
type evenly struct{}

func (evenly) Ticks(lo, hi float64) (ticks []plot.Tick) {
	rough := (hi - lo) / 6
	step := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*step >= rough*0.85 {
			step *= m
			break
		}
	}
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(lo/step - 1e-9); i <= hi/step+1e-9; i++ {
		label := strconv.FormatFloat(i*step, 'f', digits, 64)
		if i == 0 {
			label = "0"
		}
		if math.Abs(hi) >= 1e6 || digits > 5 {
			label = strconv.FormatFloat(i*step, 'g', 4, 64)
		}
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label})
	}
	return ticks
}

// decades marks powers of ten, and between them 2 and 5 if there are few.
type decades struct{}

func (decades) Ticks(lo, hi float64) (ticks []plot.Tick) {
	wide := math.Log10(hi / lo)
	every := max(1, int(wide/7))
	for e := int(math.Floor(math.Log10(lo))); e <= int(math.Ceil(math.Log10(hi))); e++ {
		for d := 1; d < 10; d++ {
			v, _ := strconv.ParseFloat(fmt.Sprintf("%de%d", d, e), 64)
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			if d == 1 && e%every == 0 || wide < 2.2 && (d == 2 || d == 5) {
				t.Label = strconv.FormatFloat(v, 'f', -1, 64)
				if e < -3 || e > 5 {
					t.Label = fmt.Sprintf("%de%d", d, e)
				}
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}
