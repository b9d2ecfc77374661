//go:build !amd64 || purego

package kernels

// Best is the highest level this processor has.
func Best() Level { return None }

const unreachable = "kernels: no kernel on this processor"

// Strip32 and the others must not be called without a kernel.
func (l Level) Strip32(rows, k int, a *float32, ars int, acs *int, b *float32, brs *int, step int, c *float32, crs, n int, acc bool) {
	panic(unreachable)
}

func (l Level) Strip64(rows, k int, a *float64, ars int, acs *int, b *float64, brs *int, step int, c *float64, crs, n int, acc bool) {
	panic(unreachable)
}

func (l Level) Windows32(rows, k int, a *float32, ars int, acs *int, b *float32, brs *int, c *float32, crs int, at *Vector, groups int, acc bool) {
	panic(unreachable)
}

func (l Level) Windows64(rows, k int, a *float64, ars int, acs *int, b *float64, brs *int, c *float64, crs int, at *Vector, groups int, acc bool) {
	panic(unreachable)
}

func (l Level) Inners32(rows, runs, full, rest int, a *float32, ars int, b *float32, cols, bAt *int, c *float32, crs, lanes int, acc bool) {
	panic(unreachable)
}

func (l Level) Inners64(rows, runs, full, rest int, a *float64, ars int, b *float64, cols, bAt *int, c *float64, crs, lanes int, acc bool) {
	panic(unreachable)
}

func (l Level) Gather32(runs, full, rest, last int, src *float32, at *int, dst *float32) {
	panic(unreachable)
}

func (l Level) Gather64(runs, full, rest, last int, src *float64, at *int, dst *float64) {
	panic(unreachable)
}

func (l Level) Dots32(k int, a *float32, ars int, x, y *float32, ys int, acc bool) {
	panic(unreachable)
}

func (l Level) Dots64(k int, a *float64, ars int, x, y *float64, ys int, acc bool) {
	panic(unreachable)
}

func (l Level) Transpose32(blocks int, src *float32, srs int, dst *float32, drs int) {
	panic(unreachable)
}

func (l Level) Transpose64(blocks int, src *float64, srs int, dst *float64, drs int) {
	panic(unreachable)
}

// Rows32 are the kernels of a level on rows of float32: none.
func (l Level) Rows32() *Rows[float32] { return nil }

// Rows64 are those on rows of float64: none.
func (l Level) Rows64() *Rows[float64] { return nil }
