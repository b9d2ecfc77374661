package course

import (
	"image"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Box is a part of the plane.
type Box struct{ X0, X1, Y0, Y1 float64 }

// Around is the least box that holds the points, and margin of its sides more.
// xy is [N,2] row-major.
func Around[T float32 | float64](xy []T, margin float64) Box {
	b := Box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for i := 0; i+1 < len(xy); i += 2 {
		x, y := float64(xy[i]), float64(xy[i+1])
		b.X0, b.X1, b.Y0, b.Y1 = min(b.X0, x), max(b.X1, x), min(b.Y0, y), max(b.Y1, y)
	}
	dx, dy := margin*(b.X1-b.X0), margin*(b.Y1-b.Y0)
	return Box{b.X0 - dx, b.X1 + dx, b.Y0 - dy, b.Y1 + dy}
}

// Grid returns the centres of n by n cells of b, the lowest row first: [n*n,2].
func Grid[T float32 | float64](b Box, n int) []T {
	xy := make([]T, 0, 2*n*n)
	for i := range n {
		for j := range n {
			xy = append(xy, T(b.X0+(float64(j)+0.5)/float64(n)*(b.X1-b.X0)), T(b.Y0+(float64(i)+0.5)/float64(n)*(b.Y1-b.Y0)))
		}
	}
	return xy
}

// Field colours b by v [n*n], values on Grid(b, n), where lo has the first and
// hi the last colour of m.
func (c *Chart) Field(b Box, v []float64, lo, hi float64, m Map) {
	c.raster(b, side(v), func(i int) (uint8, uint8, uint8) {
		p := m((v[i] - lo) / (hi - lo))
		return p.R, p.G, p.B
	})
}

// Regions colours b by the class v [n*n] of the centres of Grid(b, n), in pale
// colours of the wheel.
func Regions[T int | int32](c *Chart, b Box, v []T) {
	c.raster(b, side(v), func(i int) (uint8, uint8, uint8) {
		p := mix(white, shade(int(v[i])), 0.25)
		return p.R, p.G, p.B
	})
}

// side is n where v has n*n values.
func side[T any](v []T) int { return int(math.Sqrt(float64(len(v))) + 0.5) }

func (c *Chart) raster(b Box, n int, at func(i int) (r, g, b uint8)) {
	img := image.NewNRGBA(image.Rect(0, 0, n, n))
	for i := range n * n {
		x, y := i%n, n-1-i/n
		o := img.PixOffset(x, y)
		img.Pix[o], img.Pix[o+1], img.Pix[o+2] = at(i)
		img.Pix[o+3] = 0xFF
	}
	c.tight = true
	c.add("", &layer{
		x: [2]float64{b.X0, b.X1}, y: [2]float64{b.Y0, b.Y1},
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			dc.DrawImage(vg.Rectangle{
				Min: vg.Point{X: tx(b.X0), Y: ty(b.Y0)}, Max: vg.Point{X: tx(b.X1), Y: ty(b.Y1)},
			}, img)
		},
	})
}

// Contours draws where v [n*n], values on Grid(b, n), has each of the levels.
func (c *Chart) Contours(name string, b Box, v []float64, levels []float64, opts ...Option) {
	l := c.look(append([]Option{Colour(Grey), Thin}, opts...))
	c.tight = true
	n := side(v)
	xy := Grid[float64](b, n)
	c.add(name, &layer{
		x: [2]float64{b.X0, b.X1}, y: [2]float64{b.Y0, b.Y1},
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			at := func(i int) vg.Point { return vg.Point{X: tx(xy[2*i]), Y: ty(xy[2*i+1])} }
			for _, level := range levels {
				for _, line := range join(march(v, n, level)) {
					var points []vg.Point
					for _, e := range line {
						a, z := at(e.a), at(e.b)
						t := vg.Length((level - v[e.a]) / (v[e.b] - v[e.a]))
						points = append(points, vg.Point{X: a.X + t*(z.X-a.X), Y: a.Y + t*(z.Y-a.Y)})
					}
					dc.StrokeLines(l.line(), dc.ClipLinesXY(points)...)
				}
			}
		},
		thumbnails: l.bar,
	})
}

// edge is a side of a triangle of the grid that a contour crosses, a < b.
type edge struct{ a, b int }

// march finds where the level passes through the triangles of the grid, two for
// each square of neighbours: a triangle has no doubtful case as a square has.
func march(v []float64, n int, level float64) (segments [][2]edge) {
	crosses := func(a, b int) (edge, bool) {
		return edge{min(a, b), max(a, b)}, (v[a] < level) != (v[b] < level)
	}
	triangle := func(a, b, c int) {
		var found []edge
		for _, pair := range [][2]int{{a, b}, {b, c}, {c, a}} {
			if e, ok := crosses(pair[0], pair[1]); ok {
				found = append(found, e)
			}
		}
		if len(found) == 2 {
			segments = append(segments, [2]edge{found[0], found[1]})
		}
	}
	for i := range n - 1 {
		for j := range n - 1 {
			k := i*n + j
			triangle(k, k+1, k+n+1)
			triangle(k, k+n+1, k+n)
		}
	}
	return segments
}

// join makes lines of segments that meet.
func join(segments [][2]edge) (lines [][]edge) {
	meet := map[edge][]int{}
	for i, s := range segments {
		meet[s[0]] = append(meet[s[0]], i)
		meet[s[1]] = append(meet[s[1]], i)
	}
	used := make([]bool, len(segments))
	follow := func(line []edge) []edge {
		for {
			end, found := line[len(line)-1], false
			for _, i := range meet[end] {
				if !used[i] {
					used[i], found = true, true
					next := segments[i][0]
					if next == end {
						next = segments[i][1]
					}
					line = append(line, next)
					break
				}
			}
			if !found {
				return line
			}
		}
	}
	for i, s := range segments {
		if used[i] {
			continue
		}
		used[i] = true
		line := follow([]edge{s[0], s[1]})
		for a, z := 0, len(line)-1; a < z; a, z = a+1, z-1 {
			line[a], line[z] = line[z], line[a]
		}
		lines = append(lines, follow(line))
	}
	return lines
}

// Levels returns n levels between the least and the greatest of v whose roots
// are evenly spaced, as fits a bowl.
func Levels(v []float64, n int) []float64 {
	r := extent(v...)
	out := make([]float64, n)
	for i := range out {
		t := (float64(i) + 0.5) / float64(n)
		out[i] = r[0] + (r[1]-r[0])*t*t
	}
	return out
}
